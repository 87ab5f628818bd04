/** Plays a record: to any moment of it, or running, as fast as one likes. */
import { useRef, useState } from 'react';
import { useLanguage } from '../../i18n/texts';
import { formatExactTime } from '../formatTime';
import { Icon } from '../Icon';
import { clockTime } from './clockTime';
import { useLabTexts } from './labTexts';
import styles from './PlayBar.module.css';
import type { PlayedLog } from './staticLog';
import { useEachFrame } from './useEachFrame';

export interface PlayBarProps {
  log: PlayedLog;
  url: string;
  savedAt: number;
  events: number;
  onClose(): void;
}

const speeds = [1, 5, 20] as const;

export function PlayBar({ log, url, savedAt, events, onClose }: PlayBarProps) {
  const { record: texts } = useLabTexts();
  const language = useLanguage();
  const [playhead, setPlayhead] = useState(log.playhead);
  const [isPlaying, setPlaying] = useState(false);
  const [speed, setSpeed] = useState<number>(1);
  const drawnAt = useRef<number>(undefined);

  useEachFrame(() => {
    const at = performance.now();
    const passedMs = at - (drawnAt.current ?? at);
    drawnAt.current = at;
    if (isPlaying) seek(log.playhead + passedMs * speed);
    if (isPlaying && log.playhead >= log.endsAt) setPlaying(false);
  });

  const seek = (at: number) => {
    log.seek(at);
    setPlayhead(log.playhead);
  };

  const onPlay = () => {
    if (!isPlaying && log.playhead >= log.endsAt) seek(log.startsAt);
    setPlaying(!isPlaying);
  };

  return (
    <section className={styles.bar} aria-label={texts.title}>
      <p>
        <b>{texts.of(url)}</b> {texts.saved(formatExactTime(language, savedAt), events)}
      </p>
      <div className={styles.controls}>
        <button
          type="button"
          className="iconButton"
          aria-label={isPlaying ? texts.pause : texts.play}
          title={isPlaying ? texts.pause : texts.play}
          onClick={onPlay}
        >
          <Icon name={isPlaying ? 'pause' : 'play'} />
        </button>
        <input
          type="range"
          aria-label={texts.position}
          aria-valuetext={clockTime(playhead)}
          min={log.startsAt}
          max={log.endsAt}
          step={1}
          value={playhead}
          onChange={({ target }) => seek(Number(target.value))}
        />
        <time>{clockTime(playhead)}</time>
        <select
          aria-label={texts.speed}
          value={speed}
          onChange={({ target }) => setSpeed(Number(target.value))}
        >
          {speeds.map((each) => (
            <option key={each} value={each}>
              {each}×
            </option>
          ))}
        </select>
      </div>
      <button type="button" onClick={onClose}>
        {texts.backToLive}
      </button>
    </section>
  );
}
