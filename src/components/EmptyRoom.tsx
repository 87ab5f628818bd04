/** A room in which nothing was said yet: what one may do in it, and soon what else. */
import { useFirstTexts } from '../i18n/texts';
import styles from './EmptyRoom.module.css';
import { EmptyRoomMore } from './later';

export function EmptyRoom() {
  const { emptyRoom, emptyRoomHint } = useFirstTexts();
  return (
    <div className={styles.empty}>
      <div className={styles.chart} />
      <h2>{emptyRoom}</h2>
      <p>{emptyRoomHint}</p>
      <EmptyRoomMore />
    </div>
  );
}
