/** Plays a sound and stops it, in the place where a file has its sign. */
import { useTexts } from '../../i18n/texts';
import { Icon } from '../Icon';
import styles from './PlayButton.module.css';
import { staysPut } from './staysPut';
import type { Sound } from './useSound';

export interface PlayButtonProps {
  sound: Sound;
  tabIndex?: number;
  disabled?: boolean;
}

export function PlayButton({ sound: { isPlaying, toggle }, ...props }: PlayButtonProps) {
  const { files } = useTexts();
  const name = isPlaying ? files.pause : files.play;
  return (
    <button
      type="button"
      className={styles.play}
      aria-label={name}
      title={name}
      {...staysPut}
      onClick={toggle}
      {...props}
    >
      <Icon name={isPlaying ? 'pause' : 'play'} />
    </button>
  );
}
