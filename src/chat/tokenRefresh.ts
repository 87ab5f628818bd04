/**
 * Asks for a new token on the open line, well before the old one ends, so that nobody who stays is
 * ever sent away to sign in. One request at a time; when the line is lost the next one's greeting
 * brings a new token anyway.
 */
import type { Cancel, Random, Time } from '../connection/ports';

export interface TokenRefreshOptions {
  time: Time;
  random: Random;
  /** Sends the request. The answer is told by `granted`. */
  ask(): void;
}

export interface TokenRefresh {
  /** A token has come that ends in `expiresInMs`; a server that does not say renews nothing. */
  granted(expiresInMs: number | undefined): void;
  /** The line is lost: nothing is asked for on it any more. */
  stop(): void;
}

/** The share of its life after which a token is renewed: at random in between, as many began together. */
const earliest = 0.7;
const latest = 0.9;

/** Timers take no longer delay, in ms: one that is asked to would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

export function createTokenRefresh({ time, random, ask }: TokenRefreshOptions): TokenRefresh {
  let cancel: Cancel = () => {};

  function askAt(dueAt: number) {
    cancel = time.after(Math.min(dueAt - time.now(), longestTimerMs), () => {
      if (time.now() >= dueAt) ask();
      else askAt(dueAt);
    });
  }

  return {
    granted(expiresInMs) {
      cancel();
      if (expiresInMs === undefined) return;
      askAt(time.now() + expiresInMs * (earliest + random() * (latest - earliest)));
    },
    stop: () => cancel(),
  };
}
