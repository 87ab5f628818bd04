/** An `<audio>` and what is to be known of it to draw a player: whether it plays, where it stands, how long it is. */
import { type RefObject, type SyntheticEvent, useRef, useState } from 'react';
import { useSamePlace } from './useSamePlace';

export interface Sound {
  isPlaying: boolean;
  /** In seconds. */
  time: number;
  /** In seconds; undefined until it is known. */
  duration: number | undefined;
  toggle(): void;
  seek(seconds: number): void;
  audio: {
    ref: RefObject<HTMLAudioElement | null>;
    onPlay(event: AudioEvent): void;
    onPause(event: AudioEvent): void;
    onEnded(): void;
    onTimeUpdate(event: AudioEvent): void;
    onDurationChange(event: AudioEvent): void;
    onLoadedMetadata(event: AudioEvent): void;
  };
}

type AudioEvent = SyntheticEvent<HTMLAudioElement>;

/** Later than any sound ends, in seconds. */
const endOfTime = 1e7;

export function useSound(): Sound {
  const ref = useRef<HTMLAudioElement>(null);
  const [isPlaying, setPlaying] = useState(false);
  const [time, setTime] = useState(0);
  const [duration, setDuration] = useState<number>();
  const playback = useSamePlace();
  /** A recording does not say how long it is: its end is gone to, and found there. */
  const isMeasuring = useRef(false);

  const measured = (audio: HTMLAudioElement) => {
    if (!Number.isFinite(audio.duration)) return;
    setDuration(audio.duration);
    if (!isMeasuring.current) return;
    isMeasuring.current = false;
    audio.currentTime = 0;
  };

  return {
    isPlaying,
    time,
    duration,
    toggle() {
      const audio = ref.current;
      if (!audio) return;
      if (audio.paused) audio.play().catch(() => setPlaying(false));
      else audio.pause();
    },
    seek(seconds) {
      setTime(seconds);
      if (ref.current) ref.current.currentTime = seconds;
    },
    audio: {
      ref,
      onPlay(event) {
        setPlaying(true);
        playback.onPlay(event);
      },
      onPause(event) {
        setPlaying(false);
        playback.onPause(event);
      },
      onEnded() {
        setPlaying(false);
        setTime(0);
        if (ref.current) ref.current.currentTime = 0;
      },
      onTimeUpdate(event) {
        if (isMeasuring.current) return;
        setTime(event.currentTarget.currentTime);
        playback.onTimeUpdate(event);
      },
      onDurationChange: ({ currentTarget }) => measured(currentTarget),
      onLoadedMetadata(event) {
        const { currentTarget } = event;
        if (currentTarget.duration === Number.POSITIVE_INFINITY && duration === undefined) {
          isMeasuring.current = true;
          currentTarget.currentTime = endOfTime;
          return;
        }
        measured(currentTarget);
        playback.onLoadedMetadata(event);
      },
    },
  };
}
