/** Which files were not attached, or not sent, and why: a sentence for each reason. */
import { useLanguage, useTexts } from '../../i18n/texts';
import type { RefusedFile } from '../../store/attachedFiles';
import { useChat } from '../../store/chatStore';
import { cleanFileName } from '../../store/fileToSend';
import { CloseButton } from '../CloseButton';
import { mostFiles } from './checkFiles';
import { formatSize } from './formatSize';
import styles from './RefusedNote.module.css';

export interface RefusedNoteProps {
  refused: readonly RefusedFile[];
  onDismiss(): void;
}

export function RefusedNote({ refused, onDismiss }: RefusedNoteProps) {
  const { files: texts } = useTexts();
  const language = useLanguage();
  const largestBytes = useChat((state) => state.largestFileBytes);
  /** By its reason: what else there is to say of it. */
  const more: Partial<Record<RefusedFile['why'], string>> = {
    'too large': largestBytes === undefined ? '' : formatSize(language, largestBytes),
    'too many': mostFiles.toLocaleString(language),
  };
  const reasons = [...new Set(refused.map(({ why }) => why))];
  return (
    <div className={styles.note}>
      <div className={styles.words} role="alert">
        {reasons.map((why) => {
          const names = refused.filter((each) => each.why === why).map(({ name }) => name);
          return (
            <p key={why}>
              {texts.refused[why](
                names.length,
                texts.listed(names.map(shortened)),
                more[why] ?? '',
              )}
            </p>
          );
        })}
      </div>
      <CloseButton onClose={onDismiss} />
    </div>
  );
}

/** A name of so many UTF-16 units stands in a sentence as it is. */
const longestName = 60;

function shortened(given: string): string {
  const name = cleanFileName(given);
  return name.length <= longestName ? name : `${name.slice(0, 40)}…${name.slice(-16)}`;
}
