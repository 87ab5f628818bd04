/** All of the page's signs, for what is loaded later. */
import type { ReactNode } from 'react';
import { drawn, firstPaths } from './FirstIcon';

const paths = {
  ...firstPaths,
  plus: 'M12 5v14M5 12h14',
  close: 'M6 6l12 12M18 6 6 18',
  forward: 'M5 12h14M13 6l6 6-6 6',
  more: 'M12 5.5v.01M12 12v.01M12 18.5v.01',
  copy: 'M9 9h9.5A1.5 1.5 0 0 1 20 10.5V19a1.5 1.5 0 0 1-1.5 1.5H10A1.5 1.5 0 0 1 8.5 19V9.5ZM5.5 15H5a1.5 1.5 0 0 1-1.5-1.5V5A1.5 1.5 0 0 1 5 3.5h8.5A1.5 1.5 0 0 1 15 5v.5',
  check: 'M5 12.5 10 17.5 19.5 7',
  reply: 'M9.5 6 4 11.5 9.5 17M4.5 11.5H13a7 7 0 0 1 7 7',
  edit: 'M4.5 19.5l.9-4L15.8 5.1a1.7 1.7 0 0 1 2.4 0l.7.7a1.7 1.7 0 0 1 0 2.4L8.5 18.6l-4 .9ZM14 7l3 3',
  link: 'M10 14a4 4 0 0 0 5.7 0l3.1-3.1a4 4 0 0 0-5.7-5.7L12 6.3M14 10a4 4 0 0 0-5.7 0l-3.1 3.1a4 4 0 0 0 5.7 5.7l1.1-1.1',
  trash:
    'M4.5 7h15M9.5 7V4.5h5V7M6.5 7l.8 12a1.5 1.5 0 0 0 1.5 1.5h6.4a1.5 1.5 0 0 0 1.5-1.5l.8-12M10 11v5.5M14 11v5.5',
  settings: 'M4 7h9M17 7h3M15 4.5v5M4 17h3M11 17h9M9 14.5v5',
  pause: 'M9 6v12M15 6v12',
  play: 'M8.5 6v12l9.5-6-9.5-6Z',
  keyboard:
    'M4.5 6h15A1.5 1.5 0 0 1 21 7.5v9a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 16.5v-9A1.5 1.5 0 0 1 4.5 6ZM7 10v.01M11 10v.01M15 10v.01M8 14h8',
} as const;

export function Icon({ name }: { name: keyof typeof paths }): ReactNode {
  return drawn(paths[name], name === 'more' ? 2.75 : undefined);
}
