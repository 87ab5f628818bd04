/** The sign of a room: open to everyone, or behind a lock. Words say the same beside it. */
import { Lock } from './Lock';
import styles from './RoomTile.module.css';

export function RoomTile({ isPrivate }: { isPrivate: boolean }) {
  return (
    <span className={styles.tile} data-private={isPrivate} aria-hidden="true">
      {isPrivate ? <Lock /> : <Hash />}
    </span>
  );
}

function Hash() {
  return (
    <svg
      width="1em"
      height="1em"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <path d="M6 2 4.5 14M11.5 2 10 14M2.5 5.5h11.5M2 10.5h11.5" />
    </svg>
  );
}
