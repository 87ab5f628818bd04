/**
 * A panel that slides over the page from one side, where there is no room for it beside the conversation.
 * A native modal dialog: the page behind it is out of reach until it goes, by Escape or a press beside it.
 */
import type { ReactNode } from 'react';
import { CloseButton } from './CloseButton';
import styles from './Drawer.module.css';
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
            <CloseButton onClose={onClose} />
          </div>
        )}
        {children}
      </div>
    </dialog>
  );
}
