/**
 * A native `<dialog>` that is open, over all else, for as long as it is drawn. Escape and a press beside it
 * ask to close; the focus then goes back to where it came from.
 */
import {
  type KeyboardEvent,
  type RefObject,
  type SyntheticEvent,
  useEffect,
  useEffectEvent,
  useRef,
} from 'react';
import { isComposing } from './composer/keys';
import { giveFocusTo } from './focus';

export interface Modal {
  ref: RefObject<HTMLDialogElement | null>;
  onKeyDown(event: KeyboardEvent): void;
  onCancel(event: SyntheticEvent): void;
}

/** What a `<dialog>` takes as its props. `onClose`: whoever draws it is to draw it no longer. */
export function useModal(onClose: () => void): Modal {
  const dialog = useRef<HTMLDialogElement>(null);
  const close = useEffectEvent(onClose);

  useEffect(() => {
    const element = dialog.current;
    if (!element) return;
    const opener = document.activeElement;
    element.showModal();
    // A browser may close a dialog without asking, at a second Escape.
    const onClosed = () => !element.open && close();
    element.addEventListener('close', onClosed);
    const forgetPresses = onPressBeside(element, close);
    return () => {
      element.removeEventListener('close', onClosed);
      forgetPresses();
      element.close();
      giveFocusTo(opener);
    };
  }, []);

  return {
    ref: dialog,
    /** Left to the browser, one Escape may close two that were opened without a press (CloseWatcher groups). */
    onKeyDown(event) {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      event.preventDefault();
      event.stopPropagation();
      // What gives a composition up closes nothing; Safari may close by it what is left to it.
      if (!isComposing(event)) onClose();
    },
    onCancel(event) {
      // A field for files tells of its own cancelling under the same name.
      if (event.target !== event.currentTarget) return;
      event.preventDefault();
      onClose();
    },
  };
}

/** Only a whole press beside it counts: a text that is selected with the pointer may end there. */
function onPressBeside(dialog: HTMLDialogElement, call: () => void): () => void {
  let began = false;
  const onPointerDown = ({ target }: PointerEvent) => {
    began = target === dialog;
  };
  const onClick = ({ target }: MouseEvent) => {
    if (began && target === dialog) call();
  };
  dialog.addEventListener('pointerdown', onPointerDown);
  dialog.addEventListener('click', onClick);
  return () => {
    dialog.removeEventListener('pointerdown', onPointerDown);
    dialog.removeEventListener('click', onClick);
  };
}
