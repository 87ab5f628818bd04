/** The page's name beside its sign: one beat. */
import styles from './Brand.module.css';

export function Brand() {
  return (
    <span className={styles.brand}>
      <svg width="28" height="20" viewBox="0 0 28 20" aria-hidden="true">
        <path d="M1 11h6l2-2.5 2 2.5h2l2.5-8 3.5 14 2.5-6h5.5" />
      </svg>
      Heartline
    </span>
  );
}
