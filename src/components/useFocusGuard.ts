/**
 * Keeps the focus from falling to the page. What had it may go (a button whose work is done, a room that
 * is left), and a keyboard or a screen reader would then begin again at the top. It goes to the next thing
 * of the same `data-focus-group`, or else to where one writes.
 */
import { useEffect } from 'react';
import { focusHome } from './focus';

const focusable = 'button:not(:disabled), a[href], input, textarea, summary, [tabindex="0"]';

/** To be called once, by the page. With another `place` (its room), the focus begins where one writes. */
export function useFocusGuard(place: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new place is the reason, not an input.
  useEffect(() => {
    if (!document.querySelector('dialog[open]')) focusHome();
  }, [place]);

  useEffect(() => {
    let last: Element | undefined;
    let groups: Element[] = [];
    const onFocus = ({ target }: FocusEvent) => {
      if (!(target instanceof Element)) return;
      last = target;
      groups = groupsAround(target);
    };
    const onGone = () => {
      if (!last || last.isConnected || document.activeElement !== document.body) return;
      last = undefined;
      const group = groups.find((each) => each.isConnected && each.querySelector(focusable));
      const next = group?.querySelector<HTMLElement>(focusable);
      if (next) next.focus();
      else focusHome();
    };
    const observer = new MutationObserver(onGone);
    observer.observe(document.body, { childList: true, subtree: true });
    document.addEventListener('focusin', onFocus);
    return () => {
      observer.disconnect();
      document.removeEventListener('focusin', onFocus);
    };
  }, []);
}

/** The groups that an element is in, the innermost first. They are known only while it is there. */
function groupsAround(element: Element): Element[] {
  const group = element.parentElement?.closest('[data-focus-group]');
  return group ? [group, ...groupsAround(group)] : [];
}
