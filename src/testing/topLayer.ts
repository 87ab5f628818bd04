/**
 * Dialogs and popovers for a DOM that has none: they open and close, tell of it, take and give back the
 * focus, and are dismissed by Escape and by a press beside them, as browsers have it. Nothing is drawn.
 */
interface Shown {
  element: HTMLElement;
  /** Whoever had the focus before. */
  opener: Element | null;
  hide(): void;
  /** By Escape. */
  dismiss(): void;
}

/** What is on top comes last. */
const topLayer: Shown[] = [];

const focusable = 'button, input, select, textarea, a[href], [tabindex]';

function show(shown: Omit<Shown, 'opener'>) {
  topLayer.push({ ...shown, opener: document.activeElement });
}

/** Takes it off and gives the focus back. False where it was not shown. */
function take(element: HTMLElement): boolean {
  const index = topLayer.findIndex((shown) => shown.element === element);
  const [shown] = index < 0 ? [] : topLayer.splice(index, 1);
  if (!shown) return false;
  const hadFocus = element.contains(document.activeElement);
  if (hadFocus && shown.opener instanceof HTMLElement) shown.opener.focus();
  return true;
}

function showModal(this: HTMLDialogElement) {
  if (this.open) throw new DOMException('it is open', 'InvalidStateError');
  if (!this.isConnected) throw new DOMException('it is not in a document', 'InvalidStateError');
  this.setAttribute('open', '');
  show({
    element: this,
    hide: () => this.close(),
    dismiss: () => {
      if (this.dispatchEvent(new Event('cancel', { cancelable: true }))) this.close();
    },
  });
  const first = this.querySelector<HTMLElement>('[autofocus]') ?? this.querySelector(focusable);
  if (first instanceof HTMLElement) first.focus();
}

function close(this: HTMLDialogElement, returnValue?: string) {
  if (!this.open) return;
  this.removeAttribute('open');
  if (returnValue !== undefined) this.returnValue = returnValue;
  take(this);
  queueMicrotask(() => this.dispatchEvent(new Event('close')));
}

function toggled(element: HTMLElement, type: string, newState: 'open' | 'closed') {
  const oldState = newState === 'open' ? 'closed' : 'open';
  element.dispatchEvent(Object.assign(new Event(type), { newState, oldState }));
}

function showPopover(this: HTMLElement) {
  if (topLayer.some(({ element }) => element === this))
    throw new DOMException('it is shown', 'InvalidStateError');
  toggled(this, 'beforetoggle', 'open');
  this.setAttribute('data-popover-shown', '');
  const hide = () => this.hidePopover();
  show({ element: this, hide, dismiss: hide });
  this.querySelector<HTMLElement>('[autofocus]')?.focus();
  queueMicrotask(() => toggled(this, 'toggle', 'open'));
}

function hidePopover(this: HTMLElement) {
  if (!take(this)) return;
  toggled(this, 'beforetoggle', 'closed');
  this.removeAttribute('data-popover-shown');
  queueMicrotask(() => toggled(this, 'toggle', 'closed'));
}

function togglePopover(this: HTMLElement) {
  const isShown = topLayer.some(({ element }) => element === this);
  if (isShown) this.hidePopover();
  else this.showPopover();
  return !isShown;
}

function onKeyDown(event: KeyboardEvent) {
  const isManual = topLayer.at(-1)?.element.getAttribute('popover') === 'manual';
  if (event.key === 'Escape' && !event.defaultPrevented && !isManual) topLayer.at(-1)?.dismiss();
}

function onPress({ target }: Event) {
  const top = topLayer.at(-1);
  if (!top || !(target instanceof Node) || top.element.contains(target)) return;
  const kind = top.element.getAttribute('popover');
  if (kind === '' || kind === 'auto') top.hide();
}

/** Gives the document its dialogs and popovers. Returns what takes away whatever a test left open. */
export function installTopLayer(): () => void {
  Object.assign(HTMLDialogElement.prototype, { showModal, close });
  Object.assign(HTMLElement.prototype, { showPopover, hidePopover, togglePopover });
  document.addEventListener('keydown', onKeyDown);
  document.addEventListener('pointerup', onPress);
  const style = document.createElement('style');
  style.textContent = '[popover][data-popover-shown] { display: block }';
  document.head.append(style);
  return () => {
    topLayer.length = 0;
    document.removeEventListener('keydown', onKeyDown);
    document.removeEventListener('pointerup', onPress);
    style.remove();
  };
}
