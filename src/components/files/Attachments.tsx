/** Above the field: what is attached, and what could not be. */
import { useRef } from 'react';
import { useLanguage, useTexts } from '../../i18n/texts';
import type { AttachedFile } from '../../store/attachedFiles';
import { cleanFileName } from '../../store/fileToSend';
import { focusHome } from '../focus';
import { Icon } from '../Icon';
import { AttachedSound } from './AttachedSound';
import styles from './Attachments.module.css';
import { useAttaching, useAttachments } from './attaching';
import { FileName } from './FileName';
import { kindOfType } from './fileKind';
import { formatSize } from './formatSize';
import { RefusedNote } from './RefusedNote';
import { Thumb } from './Thumb';
import { useMayTellMore } from './useMayTellMore';
import { useObjectUrl } from './useObjectUrl';

export function Attachments() {
  const { files: texts } = useTexts();
  const { files, refused, voiceEnd } = useAttachments();
  const { remove, forgetTold } = useAttaching();
  const list = useRef<HTMLUListElement>(null);

  const take = (id: number, index: number) => {
    // The focus goes on to what takes its place, or back to where one writes.
    const buttons = [...(list.current?.querySelectorAll<HTMLElement>('[data-remove]') ?? [])];
    const next = buttons[index + 1] ?? buttons[index - 1];
    if (next) next.focus();
    else focusHome();
    remove(id);
  };

  return (
    <>
      {refused.length > 0 && <RefusedNote refused={refused} onDismiss={forgetTold} />}
      {voiceEnd && (
        <p className={styles.told} role="status">
          {voiceEnd === 'too long' ? texts.voice.atMost : texts.voice.ended}
        </p>
      )}
      {files.length > 0 && (
        <ul ref={list} className={styles.list} aria-label={texts.attached}>
          {files.map((each, index) => (
            <Chip key={each.id} attached={each} onRemove={() => take(each.id, index)} />
          ))}
        </ul>
      )}
    </>
  );
}

function Chip({ attached: { file }, onRemove }: { attached: AttachedFile; onRemove(): void }) {
  const { files } = useTexts();
  const language = useLanguage();
  const mayTellMore = useMayTellMore(file);
  // As others will see it.
  const sentName = cleanFileName(file.name);
  const name = files.remove(sentName);
  return (
    <li className={styles.chip}>
      <Sign file={file} />
      <span className={styles.words}>
        <FileName name={sentName} />
        <span className={styles.size}>{formatSize(language, file.size)}</span>
        {mayTellMore && <span role="status">{files.mayTellMore}</span>}
      </span>
      <button
        type="button"
        className={`iconButton ${styles.remove}`}
        data-remove=""
        aria-label={name}
        title={name}
        onClick={onRemove}
      >
        <Icon name="close" />
      </button>
    </li>
  );
}

function Sign({ file }: { file: File }) {
  const kind = kindOfType(file.type.split(';')[0] ?? '');
  const url = useObjectUrl(kind === 'picture' || kind === 'sound' ? file : undefined);
  const sign = (
    <span className={styles.sign}>
      <Icon name={kind} />
    </span>
  );
  if (kind === 'sound' && url) return <AttachedSound url={url} />;
  if (kind !== 'picture' || !url) return sign;
  return (
    <Thumb url={url} className={styles.thumb}>
      {sign}
    </Thumb>
  );
}
