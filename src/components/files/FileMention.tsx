/** A file in a word, where a message is told of in a line: its sign and its name. */
import { useTexts } from '../../i18n/texts';
import type { ShownFile } from '../../store/chatStore';
import { Icon } from '../Icon';
import styles from './FileMention.module.css';
import { FileName } from './FileName';
import { kindOfType } from './fileKind';

export function FileMention({ file: { name, type } }: { file: Pick<ShownFile, 'name' | 'type'> }) {
  const { files } = useTexts();
  const kind = kindOfType(type);
  return (
    <span className={styles.mention}>
      <Icon name={kind} />
      <span className="visuallyHidden">{files.said(files.kinds[kind], '')}</span>
      <FileName name={name} />
    </span>
  );
}
