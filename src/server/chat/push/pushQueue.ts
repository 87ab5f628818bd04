/**
 * Pushes on their way: a bounded number at once, the others in line. A newer push for the same browser
 * and room takes the place of one that still waits, as a push service itself would do (RFC 8030 section
 * 5.4). One that a push service is too busy for is tried again a few times, when it asks for that.
 */
import type { Cancel, Random, Time } from '../../../connection/ports';
import type { PushObserver, PushOutcome, PushPayload, PushRegistration } from './pushPorts';

export interface PushJob {
  readonly registration: PushRegistration;
  readonly payload: PushPayload;
}

export interface PushQueue {
  put(job: PushJob): void;
  /** Resolves when nothing is on its way or in line. What waits to be tried again does not count. */
  settled(): Promise<void>;
  /** Nothing more begins, and no timer is left. */
  stop(): void;
}

export interface PushQueueOptions {
  time: Time;
  random: Random;
  send(job: PushJob): Promise<PushOutcome>;
  /** Asked before each try: the user may have come back or turned it off meanwhile. */
  isWanted(job: PushJob): Promise<boolean>;
  /** The subscription has ended. */
  onGone(job: PushJob): Promise<void>;
  onError(error: unknown): void;
  observe: PushObserver;
}

/** Pushes on their way at once. */
export const maxInFlight = 16;

/** Pushes in line, beyond which the one that has waited longest is dropped. */
export const maxWaiting = 10_000;

export const maxTries = 4;

/** The longest wait for another try, in ms, whatever the push service asks for. */
export const maxRetryMs = 120_000;

/** The shortest, in ms; doubled with each try, and up to doubled at random. */
const minRetryMs = 1_000;

interface Queued {
  readonly key: string;
  readonly job: PushJob;
  readonly tries: number;
}

const keyOf = ({ registration: { subscription, room } }: PushJob) =>
  `${room} ${subscription.endpoint}`;

export function createPushQueue(options: PushQueueOptions): PushQueue {
  const { time, random, observe } = options;
  const waiting = new Map<string, Queued>();
  const inFlight = new Set<string>();
  const retries = new Map<string, Cancel>();
  let isStopped = false;
  const onSettled: (() => void)[] = [];

  function enqueue(queued: Queued) {
    waiting.set(queued.key, queued);
    for (const key of waiting.keys()) {
      if (waiting.size <= maxWaiting) break;
      waiting.delete(key);
      observe('dropped');
    }
    pump();
  }

  function pump() {
    for (const queued of waiting.values()) {
      if (isStopped || inFlight.size >= maxInFlight) return;
      // One at a time for each browser and room, or the older could come last.
      if (inFlight.has(queued.key)) continue;
      waiting.delete(queued.key);
      void run(queued);
    }
    if (inFlight.size > 0) return;
    for (const resolve of onSettled.splice(0)) resolve();
  }

  async function run(queued: Queued) {
    inFlight.add(queued.key);
    try {
      if (await options.isWanted(queued.job)) await judge(queued, await options.send(queued.job));
    } catch (error) {
      options.onError(error);
      observe('failed');
    }
    inFlight.delete(queued.key);
    pump();
  }

  async function judge(queued: Queued, outcome: PushOutcome) {
    if (outcome.kind === 'busy') return retry(queued, outcome.retryAfterMs);
    observe(outcome.kind);
    if (outcome.kind === 'gone') await options.onGone(queued.job);
  }

  function retry({ key, job, tries }: Queued, retryAfterMs = 0) {
    if (tries + 1 >= maxTries || retries.size >= maxWaiting) return observe('failed');
    // A newer one is in line already.
    if (isStopped || waiting.has(key)) return;
    observe('retried');
    const ownMs = minRetryMs * 2 ** tries * (1 + random());
    const delayMs = Math.min(Math.max(ownMs, retryAfterMs), maxRetryMs);
    retries.set(
      key,
      time.after(delayMs, () => {
        retries.delete(key);
        enqueue({ key, job, tries: tries + 1 });
      }),
    );
  }

  return {
    put(job) {
      if (isStopped) return;
      const key = keyOf(job);
      retries.get(key)?.();
      retries.delete(key);
      enqueue({ key, job, tries: 0 });
    },
    settled: () =>
      new Promise((resolve) => {
        onSettled.push(resolve);
        pump();
      }),
    stop() {
      isStopped = true;
      waiting.clear();
      for (const cancel of retries.values()) cancel();
      retries.clear();
    },
  };
}
