/** Closes a `<details>` that lies over the page as people expect: by Escape, or by a press beside it. */
import { type RefObject, useEffect } from 'react';

export function useDismiss(details: RefObject<HTMLDetailsElement | null>): void {
  useEffect(() => {
    const onPress = ({ target }: PointerEvent) => {
      const element = details.current;
      if (element?.open && target instanceof Node && !element.contains(target))
        element.open = false;
    };
    const onKey = (event: KeyboardEvent) => {
      const { key, isComposing } = event;
      const element = details.current;
      // Escape may also give up a composition, and then means only that.
      if (key !== 'Escape' || isComposing || !element?.open) return;
      // A dialog lies above it, and is meant first.
      if (document.querySelector('dialog[open]')) return;
      // It is this that was meant, and nothing beyond it.
      event.preventDefault();
      const hadFocus = element.contains(document.activeElement);
      element.open = false;
      if (hadFocus) element.querySelector('summary')?.focus();
    };
    document.addEventListener('pointerdown', onPress);
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('pointerdown', onPress);
      document.removeEventListener('keydown', onKey);
    };
  }, [details]);
}
