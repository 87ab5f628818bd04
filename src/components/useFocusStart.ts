/** The focus begins where one writes. */
import { useEffect } from 'react';
import { focusHome } from './focus';

/** To be called once, by the page: with another `place`, its room, the focus begins anew. */
export function useFocusStart(place: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new place is the reason, not an input.
  useEffect(() => {
    if (!document.querySelector('dialog[open]')) focusHome();
  }, [place]);
}
