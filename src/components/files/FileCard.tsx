/** A file as a card: what it is called, how large it is, and how it is saved. */
import type { ReactNode } from 'react';
import { useLanguage, useTexts } from '../../i18n/texts';
import { Icon } from '../Icon';
import styles from './FileCard.module.css';
import { FileName } from './FileName';
import { kindOfType } from './fileKind';
import { formatSize } from './formatSize';
import type { MessageFileProps } from './messageFileProps';
import { staysPut } from './staysPut';
import { useDownload } from './useDownload';

export interface FileCardProps extends MessageFileProps {
  /** In the place of its sign. */
  children?: ReactNode;
}

export function FileCard({ message, file, isTabStop, children }: FileCardProps) {
  const { files } = useTexts();
  const language = useLanguage();
  const { start, state } = useDownload(message);
  const name = files.downloadOf(file.name);
  return (
    <div className={styles.card}>
      {children ?? (
        <span className={styles.sign}>
          <Icon name={kindOfType(file.type)} />
        </span>
      )}
      <span className={styles.words}>
        <FileName name={file.name} />
        <span className={styles.size} role={state === 'failed' ? 'alert' : undefined}>
          {state === 'failed' ? files.notLoaded : formatSize(language, file.size)}
        </span>
      </span>
      {start && (
        <button
          type="button"
          className="iconButton"
          tabIndex={isTabStop ? 0 : -1}
          aria-label={name}
          title={files.download}
          disabled={state === 'asking'}
          {...staysPut}
          onClick={start}
        >
          <Icon name="download" />
        </button>
      )}
    </div>
  );
}
