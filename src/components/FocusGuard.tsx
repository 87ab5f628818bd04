/**
 * Keeps the focus from falling to the page. What had it may go (a button whose work is done, a room that
 * is left), and a keyboard or a screen reader would then begin again at the top. It goes to the next thing
 * of the same `data-focus-group`, or else to where one writes.
 */
import { useEffect } from 'react';
import { focusHome } from './focus';

const focusable = 'button:not(:disabled), a[href], input, textarea, summary, [tabindex="0"]';

/** Draws nothing. To be there once, in the page. */
export function FocusGuard(): undefined {
  useEffect(() => {
    let last: Element | undefined;
    let groups: Element[] = [];
    const guard = (target: EventTarget | null) => {
      if (!(target instanceof Element)) return;
      last = target;
      groups = groupsAround(target);
    };
    const onFocus = ({ target }: FocusEvent) => guard(target);
    const onGone = () => {
      if (!last || last.isConnected || document.activeElement !== document.body) return;
      last = undefined;
      const group = groups.find((each) => each.isConnected && each.querySelector(focusable));
      const next = group?.querySelector<HTMLElement>(focusable);
      if (next) next.focus();
      else focusHome();
    };
    // The page comes to this only when something has the focus already, or it has fallen before.
    if (document.activeElement === document.body) focusHome();
    guard(document.activeElement);
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
