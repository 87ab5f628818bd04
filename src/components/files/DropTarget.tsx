/**
 * Takes files that are pasted on the page or dropped on the conversation, and draws a calm target over it while
 * some are dragged across the page. A file that is dropped beside it opens nothing: the page would be gone.
 */
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { useTexts } from '../../i18n/texts';
import { Icon } from '../Icon';
import styles from './DropTarget.module.css';
import { droppedFiles, hasFiles, pastedFiles } from './transfer';
import { useAttach } from './useAttach';

export function DropTarget() {
  const { files: texts } = useTexts();
  const attach = useAttach();
  const mark = useRef<HTMLSpanElement>(null);
  const [place, setPlace] = useState<HTMLElement | null>(null);
  const [isDragging, setDragging] = useState(false);

  useEffect(() => setPlace(mark.current?.closest('main') ?? null), []);

  const onPaste = useEffectEvent((event: ClipboardEvent) => {
    if (!event.clipboardData || event.defaultPrevented || isElsewhere(event.target)) return;
    const files = pastedFiles(event.clipboardData, Date.now(), texts.pastedName);
    if (files.length === 0) return;
    event.preventDefault();
    attach(files);
  });

  const onDrop = useEffectEvent((event: DragEvent) => {
    if (!event.dataTransfer || !place || !isWithin(place, event.target)) return;
    const { files, folders } = droppedFiles(event.dataTransfer);
    attach(files, folders);
  });

  useEffect(() => {
    const onPasted = (event: ClipboardEvent) => onPaste(event);
    document.addEventListener('paste', onPasted);
    return () => document.removeEventListener('paste', onPasted);
  }, []);

  useEffect(() => {
    if (!place) return;
    return followDrags({
      onOver(event) {
        setDragging(true);
        if (event.dataTransfer)
          event.dataTransfer.dropEffect = isWithin(place, event.target) ? 'copy' : 'none';
      },
      onEnd: () => setDragging(false),
      onDrop,
    });
  }, [place]);

  return (
    <>
      <span ref={mark} hidden />
      {isDragging &&
        place &&
        createPortal(
          <div className={styles.target} data-part="drop">
            <p>
              <Icon name="clip" />
              {texts.dropHere}
            </p>
          </div>,
          place,
        )}
    </>
  );
}

/** What is pasted into another field, or under a dialog, is not for the conversation. */
function isElsewhere(target: EventTarget | null): boolean {
  if (!(target instanceof Element) || document.querySelector('dialog[open]')) return true;
  const field = target.closest('input, textarea, [contenteditable]');
  return field !== null && !field.matches('main form textarea');
}

const isWithin = (place: HTMLElement, target: EventTarget | null) =>
  target instanceof Node && place.contains(target) && !document.querySelector('dialog[open]');

interface DragListener {
  /** Files are dragged over the page: again and again for as long as they are. */
  onOver(event: DragEvent): void;
  /** They have left it, or were dropped. */
  onEnd(): void;
  onDrop(event: DragEvent): void;
}

/** Files that are dragged from outside; a picture of the page itself is none. */
function followDrags({ onOver, onEnd, onDrop }: DragListener): () => void {
  let isOwn = false;
  const ending = new AbortController();
  const on = (name: DragEventName, listener: (event: DragEvent) => void) =>
    window.addEventListener(name, listener, ending);
  const onFiles = (name: DragEventName, listener: (event: DragEvent) => void) =>
    on(name, (event) => {
      if (isOwn || !hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      listener(event);
    });
  on('dragstart', () => {
    isOwn = true;
  });
  on('dragend', () => {
    isOwn = false;
  });
  onFiles('dragenter', onOver);
  onFiles('dragover', onOver);
  on('dragleave', ({ relatedTarget }) => {
    // Left for nowhere: for another window.
    if (relatedTarget === null) onEnd();
  });
  onFiles('drop', (event) => {
    onEnd();
    onDrop(event);
  });
  return () => ending.abort();
}

type DragEventName = 'dragstart' | 'dragend' | 'dragenter' | 'dragover' | 'dragleave' | 'drop';
