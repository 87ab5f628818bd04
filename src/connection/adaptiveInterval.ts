/**
 * A heartbeat interval that finds out how long this network lets a line be silent. It grows step by
 * step while silences of that length are survived, up to 4 min 30 s; when a heartbeat dies, it falls
 * back to the step before and remembers the one that failed as the network's limit.
 *
 * The tutorial's rule of a ping every few minutes, without trusting that NAT keeps a silent flow for
 * five: many web proxies forget it after one.
 */

/** Where the limit outlives the page: `localStorage`, say. */
export interface LimitMemory {
  /** The shortest silence that broke a line, in ms, and when that was, in ms since 1970. */
  get(): NetworkLimit | undefined;
  set(limit: NetworkLimit): void;
}

export interface NetworkLimit {
  readonly silenceMs: number;
  readonly at: number;
}

export interface AdaptiveInterval {
  /**
   * The interval that holds now, in ms. It begins at `startMs`, which it never goes below; at another
   * one it begins anew.
   */
  currentMs(startMs: number): number;
  /** A line that had been silent for `silenceMs` has answered. */
  survived(silenceMs: number): void;
  /** A heartbeat went out after `silenceMs` of silence, and was never answered. */
  died(silenceMs: number): void;
}

/** The longest interval, in ms: NAT of mobile networks forgets a silent flow after about 5 minutes. */
const longestMs = 270_000;

/** By how much an interval is longer than the one before. */
const growth = 1.5;

/** So many silences have to be survived before the next step. */
const survivalsPerStep = 3;

/** A silence counts for an interval if it lasted this share of it: pings come early by chance. */
const countsFrom = 0.85;

/** After so long, in ms, the network may be another one: the limit is tried again. */
const limitAgesMs = 24 * 3_600_000;

/** One for each connection. `now` is in ms since 1970. */
export function createAdaptiveInterval(
  memory?: LimitMemory,
  now: () => number = Date.now,
): AdaptiveInterval {
  let steps: readonly number[] = [];
  let step = 0;
  let survivals = 0;
  let limit: NetworkLimit | undefined;

  function begin(startMs: number) {
    steps = stepsFrom(startMs);
    step = 0;
    survivals = 0;
    limit = memory?.get();
  }

  function isBelowLimit(intervalMs: number): boolean {
    const isOld = limit !== undefined && now() - limit.at > limitAgesMs;
    return limit === undefined || isOld || intervalMs < limit.silenceMs;
  }

  return {
    currentMs(startMs) {
      if (startMs !== steps[0]) begin(startMs);
      return steps[step] ?? startMs;
    },
    survived(silenceMs) {
      const [current, next] = steps.slice(step);
      if (current === undefined || silenceMs < current * countsFrom) return;
      survivals += 1;
      if (survivals < survivalsPerStep || next === undefined || !isBelowLimit(next)) return;
      step += 1;
      survivals = 0;
    },
    died(silenceMs) {
      survivals = 0;
      const current = steps[step];
      const before = steps[step - 1];
      // A line that dies at the first step says nothing of silences: it would have died anyway.
      if (current === undefined || before === undefined || silenceMs < before) return;
      limit = { silenceMs: current, at: now() };
      memory?.set(limit);
      step -= 1;
    },
  };
}

function stepsFrom(startMs: number): number[] {
  const steps = [startMs];
  for (let next = startMs * growth; next < longestMs; next *= growth) steps.push(Math.floor(next));
  if (startMs < longestMs) steps.push(longestMs);
  return steps;
}
