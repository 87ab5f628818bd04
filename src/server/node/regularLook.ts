/** Looks at something every so often, and sooner where there is a reason: one look at a time. */
import type { Cancel, Time } from '../../connection/ports';

export interface RegularLook {
  /** Looks now, or again once it has looked. */
  now(): void;
  /** Looks no more, and leaves no timer. */
  stop(): void;
}

export interface RegularLookOptions {
  /** Never rejects. */
  look(): Promise<void>;
  /** How long it rests after each look, in ms. */
  everyMs: number;
  time: Time;
}

export function lookRegularly({ look, everyMs, time }: RegularLookOptions): RegularLook {
  let isLooking = false;
  let isWantedAgain = false;
  let isStopped = false;
  let cancelNext: Cancel | undefined;

  async function lookNow() {
    cancelNext?.();
    isLooking = true;
    do {
      isWantedAgain = false;
      await look();
    } while (isWantedAgain && !isStopped);
    isLooking = false;
    if (!isStopped) cancelNext = time.after(everyMs, () => void lookNow());
  }

  cancelNext = time.after(everyMs, () => void lookNow());
  return {
    now() {
      if (isLooking) isWantedAgain = true;
      else if (!isStopped) void lookNow();
    },
    stop() {
      isStopped = true;
      cancelNext?.();
    },
  };
}
