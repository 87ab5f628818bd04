/**
 * Where the focus goes when what had it is gone. Left to the browser it would fall to the page, and a
 * keyboard or a screen reader would begin again at its top.
 */

/** Gives the focus to `element`, or where that is gone to where one writes. */
export function giveFocusTo(element: Element | null | undefined): void {
  const isUsable =
    element instanceof HTMLElement && element.isConnected && element !== document.body;
  if (isUsable) element.focus();
  if (!isUsable || document.activeElement !== element) focusHome();
}

/**
 * Gives the focus to where one writes. On a touch screen that would call up the keyboard unasked: there
 * it goes to the page's main part, from where a reader goes on.
 */
export function focusHome(): void {
  const main = document.querySelector('main');
  const field = main?.querySelector<HTMLElement>('form textarea, form input');
  if (field && !isTouchScreen()) field.focus();
  else if (main) {
    main.tabIndex = -1;
    main.focus({ preventScroll: true });
  }
}

function isTouchScreen(): boolean {
  return window.matchMedia?.('(pointer: coarse) and (not (any-pointer: fine))').matches ?? false;
}
