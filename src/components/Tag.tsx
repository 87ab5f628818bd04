/** What stands beside a name that somebody else came with first, so that nobody is taken for another. */
import { useFirstTexts } from '../i18n/texts';
import styles from './Tag.module.css';

export function Tag({ tag }: { tag: string | undefined }) {
  const texts = useFirstTexts();
  if (tag === undefined) return null;
  return (
    <span className={styles.tag} data-part="tag" title={texts.tagHint}>
      ·{tag}
    </span>
  );
}
