/**
 * A panel that slides over the page from one side, where there is no room for it beside the conversation.
 * A native modal dialog: the page behind it is out of reach until it goes, by Escape or a press beside it.
 */
import { type ReactNode, useEffect, useEffectEvent, useRef } from 'react';
import { useTexts } from '../i18n/texts';
import { onPressBeside } from './Dialog';
import styles from './Drawer.module.css';
import { giveFocusTo } from './focus';
import { Icon } from './Icon';

export interface DrawerProps {
  label: string;
  side: 'start' | 'end';
  onClose(): void;
  /** Drawn above, beside the button that closes it; none where what it shows brings both itself. */
  title?: ReactNode;
  /** On a phone it takes the whole screen. */
  isWide?: boolean;
  children: ReactNode;
}

export function Drawer({ label, side, onClose, title, isWide, children }: DrawerProps) {
  const { rooms: texts } = useTexts();
  const dialog = useRef<HTMLDialogElement>(null);
  const close = useEffectEvent(onClose);

  useEffect(() => {
    const element = dialog.current;
    if (!element) return;
    const opener = document.activeElement;
    element.showModal();
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

  return (
    <dialog
      ref={dialog}
      className={styles.drawer}
      data-side={side}
      data-wide={isWide}
      aria-label={label}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div className={styles.sheet}>
        {title !== undefined && (
          <div className={styles.head}>
            <strong>{title}</strong>
            <button
              type="button"
              className="iconButton"
              aria-label={texts.close}
              title={texts.close}
              onClick={onClose}
            >
              <Icon name="close" />
            </button>
          </div>
        )}
        {children}
      </div>
    </dialog>
  );
}
