/**
 * A panel that slides over the page from one side, where there is no room for it beside the conversation.
 * A native modal dialog: the page behind it is out of reach until it goes, by Escape or a press beside it.
 */
import type { ReactNode } from 'react';
import { useTexts } from '../i18n/texts';
import styles from './Drawer.module.css';
import { Icon } from './Icon';
import { useModal } from './useModal';

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
  const modal = useModal(onClose);

  return (
    <dialog
      {...modal}
      className={styles.drawer}
      data-side={side}
      data-wide={isWide}
      aria-label={label}
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
