/** Opens the emoji picker above the form. Nothing of it is loaded before. */
import { type ComponentType, useState } from 'react';
import { createPortal } from 'react-dom';
import { useTexts } from '../../i18n/texts';
import type { EmojiPickerProps } from '../EmojiPicker';
import { Icon } from '../Icon';
import styles from './EmojiButton.module.css';

export interface EmojiButtonProps {
  isOpen: boolean;
  /** Where the picker is drawn. */
  place: HTMLElement | null;
  onToggle(isOpen: boolean): void;
  onPick(emoji: string): void;
}

export function EmojiButton({ isOpen, place, onToggle, onPick }: EmojiButtonProps) {
  const { composer } = useTexts();
  const [loaded, setLoaded] = useState<{ Picker: ComponentType<EmojiPickerProps> }>();
  const [hasFailed, setFailed] = useState(false);

  const load = () => {
    setFailed(false);
    import('../EmojiPicker').then(
      ({ EmojiPicker }) => setLoaded({ Picker: EmojiPicker }),
      () => setFailed(true),
    );
  };

  return (
    <>
      <button
        type="button"
        className="iconButton"
        aria-label={composer.emoji}
        title={composer.emoji}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        // Else the picker would take it for a press beside it, and the click would open it again.
        onPointerDown={(event) => isOpen && event.stopPropagation()}
        onClick={() => {
          if (!isOpen && !loaded) load();
          onToggle(!isOpen);
        }}
      >
        <Icon name="smile" />
      </button>
      {isOpen &&
        place &&
        createPortal(
          <div className={styles.place}>
            {loaded && <loaded.Picker onPick={onPick} onClose={() => onToggle(false)} />}
            {hasFailed && (
              <p className={styles.failed} role="alert">
                {composer.emojiFailed}
              </p>
            )}
          </div>,
          place,
        )}
    </>
  );
}
