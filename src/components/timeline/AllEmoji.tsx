/** All emoji, over the page and beside the row's toolbar; loaded when they are asked for. */
import { useLayoutEffect, useRef } from 'react';
import { useTexts } from '../../i18n/texts';
import type { EmojiPickerProps } from '../EmojiPicker';
import { placeBeside } from '../placeBeside';
import { useModule } from '../useModule';
import styles from './RowActions.module.css';

const loadPicker = () => import('../EmojiPicker');

export function AllEmoji(props: EmojiPickerProps) {
  const { composer } = useTexts();
  const place = useRef<HTMLDivElement>(null);
  const picker = useModule(loadPicker);

  useLayoutEffect(() => {
    const element = place.current;
    const toolbar = element?.closest('[role="toolbar"]');
    if (!element || !toolbar) return;
    element.showPopover();
    placeBeside(element, toolbar, 'end');
    return () => element.hidePopover();
  }, []);

  return (
    <div ref={place} popover="manual" className={styles.allEmoji}>
      {picker === 'failed' ? (
        <p role="alert">{composer.emojiFailed}</p>
      ) : (
        picker && <picker.EmojiPicker {...props} />
      )}
    </div>
  );
}
