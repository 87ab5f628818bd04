/** The signs that a page draws from the beginning, and how each of the page's signs is drawn. */
import type { ReactNode } from 'react';

export const firstPaths = {
  rooms: 'M4 6h16M4 12h16M4 18h10',
  search: 'M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13ZM15.5 15.5 20 20',
  people:
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 20v-1a5 5 0 0 1 5-5h3a5 5 0 0 1 5 5v1M16 4.3a3.5 3.5 0 0 1 0 6.4M18 14.3a5 5 0 0 1 3.5 4.7v1',
  share: 'M12 15V4M8 7.5 12 3.5l4 4M5 12v6.5A1.5 1.5 0 0 0 6.5 20h11a1.5 1.5 0 0 0 1.5-1.5V12',
  down: 'M6 9.5 12 15.5 18 9.5',
  lab: 'M2.5 12.5h4.2l2.3-6.5 4.4 12 2.6-8 1.4 2.5h4.1',
  tour: 'M6 21V4.5M6 5.5h11.5l-2.2 4 2.2 4H6',
} as const;

export function FirstIcon({ name }: { name: keyof typeof firstPaths }): ReactNode {
  return drawn(firstPaths[name]);
}

/** In one hand: strokes on a field of 24, in the colour of the words beside them. */
export function drawn(path: string, strokeWidth = 1.75): ReactNode {
  return (
    <svg
      width="1.25em"
      height="1.25em"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={strokeWidth}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={path} />
    </svg>
  );
}
