/** At the field: attaches files by the browser's own choice, which on a phone offers the camera too, and records a voice note. */
import { type ChangeEvent, useRef } from 'react';
import { useTexts } from '../../i18n/texts';
import { Icon } from '../Icon';
import { canRecord } from '../voice/canRecord';
import styles from './AttachButtons.module.css';
import { useAttach } from './useAttach';

export interface AttachButtonsProps {
  /** Something is written: on a small screen that needs the room of what can wait. */
  isWriting: boolean;
  onRecord(): void;
}

export function AttachButtons({ isWriting, onRecord }: AttachButtonsProps) {
  const { files } = useTexts();
  const attach = useAttach();
  const input = useRef<HTMLInputElement>(null);

  const onChange = ({ target }: ChangeEvent<HTMLInputElement>) => {
    attach([...(target.files ?? [])]);
    // The same file may be chosen again.
    target.value = '';
  };

  return (
    <>
      {canRecord() && (
        <button
          type="button"
          className={`iconButton ${styles.record}`}
          data-writing={isWriting}
          aria-label={files.voice.record}
          title={files.voice.record}
          onClick={onRecord}
        >
          <Icon name="microphone" />
        </button>
      )}
      <input ref={input} type="file" multiple hidden data-part="files" onChange={onChange} />
      <button
        type="button"
        className="iconButton"
        aria-label={files.attach}
        title={files.attach}
        onClick={() => input.current?.click()}
      >
        <Icon name="clip" />
      </button>
    </>
  );
}
