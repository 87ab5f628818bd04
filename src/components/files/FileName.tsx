/** A file's name, cut in its middle where there is no room for it, so that its ending stays. */
import styles from './FileName.module.css';
import { cutName } from './fileName';

export function FileName({ name }: { name: string }) {
  const { start, end } = cutName(name);
  return (
    <bdi className={styles.name} title={name}>
      <span className={styles.start}>{start}</span>
      {end && <span className={styles.end}>{end}</span>}
    </bdi>
  );
}
