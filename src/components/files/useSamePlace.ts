/** A film or a sound whose link has ended while it played goes on at the same place by the new one. */
import { type SyntheticEvent, useRef } from 'react';

type MediaEvent = SyntheticEvent<HTMLMediaElement>;

export interface SamePlace {
  onPlay(event: MediaEvent): void;
  onPause(event: MediaEvent): void;
  onTimeUpdate(event: MediaEvent): void;
  onLoadedMetadata(event: MediaEvent): void;
}

/** What is to be called for each element that takes the place of the one before. */
export function useSamePlace(): SamePlace {
  const seconds = useRef(0);
  const isPlaying = useRef(false);
  return {
    onPlay({ currentTarget }) {
      isPlaying.current = true;
      quietOthers(currentTarget);
    },
    onPause({ currentTarget }) {
      // One that fails stops as well, and is to go on.
      if (!currentTarget.error) isPlaying.current = false;
    },
    onTimeUpdate({ currentTarget }) {
      if (!currentTarget.error) seconds.current = currentTarget.currentTime;
    },
    onLoadedMetadata({ currentTarget }) {
      if (seconds.current > 0) currentTarget.currentTime = seconds.current;
      if (isPlaying.current) currentTarget.play().catch(() => {});
    },
  };
}

/** One is heard at a time. */
function quietOthers(playing: HTMLMediaElement): void {
  for (const other of document.querySelectorAll<HTMLMediaElement>('audio, video'))
    if (other !== playing) other.pause();
}
