/** How far a file of one's own has come on its way, and what can be done about it. Why one failed is said as of every message. */
import { useLanguage, useTexts } from '../../i18n/texts';
import { type ChatMessage, type ShownFile, type UploadState, useChat } from '../../store/chatStore';
import { formatPart, formatSize } from './formatSize';
import { staysPut } from './staysPut';
import styles from './UploadProgress.module.css';

export interface UploadProgressProps {
  message: ChatMessage;
  file: ShownFile;
  upload: UploadState;
}

export function UploadProgress({ message, file, upload }: UploadProgressProps) {
  const { files } = useTexts();
  const { pauseUpload, continueUpload, remove } = useChat((chat) => chat.actions);
  const words = useProgressWords(upload);
  const { id } = message;
  const { have, size, status } = upload;
  const done = status === 'preparing' ? 1 : have / Math.max(size, 1);
  return (
    <div className={styles.progress} data-upload={status}>
      <div
        className={styles.track}
        role="progressbar"
        aria-label={files.upload.label(file.name)}
        aria-valuemin={0}
        aria-valuemax={size}
        aria-valuenow={status === 'preparing' ? undefined : have}
        aria-valuetext={words}
      >
        <div className={styles.bar} style={{ inlineSize: `${done * 100}%` }} />
      </div>
      <div className={styles.line}>
        <span className={styles.words} aria-hidden="true">
          {words}
        </span>
        {status === 'paused' && (
          <button type="button" {...staysPut} onClick={() => continueUpload(id)}>
            {files.upload.continue}
          </button>
        )}
        {(status === 'sending' || status === 'waiting') && (
          <button type="button" {...staysPut} onClick={() => pauseUpload(id)}>
            {files.upload.pause}
          </button>
        )}
        <button type="button" {...staysPut} onClick={() => remove(id)}>
          {files.upload.cancel}
        </button>
      </div>
    </div>
  );
}

function useProgressWords({ status, have, size }: UploadState): string {
  const { files, states } = useTexts();
  const language = useLanguage();
  const isOpen = useChat((chat) => chat.connection.status === 'open');
  const { upload } = files;
  const progress = upload.progress(formatPart(language, have, size), formatSize(language, size));
  if (status === 'preparing') return upload.preparing;
  if (status === 'paused') return upload.paused(progress);
  if (!isOpen) return states.queued;
  return status === 'waiting' ? upload.waiting : progress;
}
