/** A sound in the conversation: played, stopped, and gone through, where it stands. */
import { useRef } from 'react';
import { useTexts } from '../../i18n/texts';
import { FileCard } from './FileCard';
import { formatDuration } from './formatDuration';
import type { MessageFileProps } from './messageFileProps';
import { NotLoaded } from './NotLoaded';
import { PlayButton } from './PlayButton';
import styles from './SoundPlayer.module.css';
import { useInSight } from './useInSight';
import { useShownLink } from './useShownLink';
import { useSound } from './useSound';

export function SoundPlayer(props: MessageFileProps) {
  const { message, isTabStop } = props;
  const { files } = useTexts();
  const place = useRef<HTMLDivElement>(null);
  const link = useShownLink(message, 'whole', useInSight(place));
  const sound = useSound();
  const { time, duration = 0 } = sound;
  const tabIndex = isTabStop ? 0 : -1;
  const position = files.timeOf(formatDuration(time), formatDuration(duration));
  return (
    <div ref={place} className={styles.player}>
      <FileCard {...props}>
        <PlayButton sound={sound} tabIndex={tabIndex} disabled={link.url === undefined} />
      </FileCard>
      {link.hasFailed ? (
        <NotLoaded isTabStop={isTabStop} onAgain={link.tryAgain} />
      ) : (
        <div className={styles.line}>
          <input
            type="range"
            className={styles.seek}
            aria-label={files.position}
            aria-valuetext={position}
            tabIndex={tabIndex}
            min={0}
            max={Math.max(duration, 0.1)}
            step={0.1}
            value={Math.min(time, duration)}
            disabled={sound.duration === undefined}
            style={{ '--filled': `${duration > 0 ? (time / duration) * 100 : 0}%` }}
            onChange={({ target }) => sound.seek(Number(target.value))}
          />
          <span className={styles.time} aria-hidden="true">
            {sound.isPlaying || time > 0 || sound.duration === undefined
              ? formatDuration(time)
              : formatDuration(duration)}
          </span>
        </div>
      )}
      {link.url !== undefined && !link.hasFailed && (
        <audio
          key={link.tries}
          src={link.url}
          preload="metadata"
          {...sound.audio}
          onLoadedMetadata={(event) => {
            sound.audio.onLoadedMetadata(event);
            link.onLoaded();
          }}
          onError={link.onFailed}
        />
      )}
    </div>
  );
}
