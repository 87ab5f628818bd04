/**
 * The heartbeat: finds a dead line that nobody closed. Life is an answer to something one has sent;
 * frames that merely arrive prove only the direction that they came from. So a ping goes out when
 * nothing has been answered for the interval, and a ping that stays unanswered for the timeout means
 * that the line is dead. Both ends run one of these.
 *
 * From the tutorial's heartbeat and ping/pong; RFC 6455 section 5.5.2 for the frames that a browser
 * keeps from scripts.
 */
import { armDeadline, lateMs, wakeTimeoutMs } from './deadline';
import type { Cancel, Random, Time } from './ports';

export interface HeartbeatTiming {
  /** Ms without an answer after which a ping is sent; at most this, less up to a tenth of jitter. */
  intervalMs: number;
  /** Ms that an answer may take. */
  timeoutMs: number;
}

export interface HeartbeatOptions extends HeartbeatTiming {
  time: Time;
  random: Random;
  /** Sends ping number `n`. */
  sendPing(n: number): void;
  /** The line is dead. Called once; the heartbeat has stopped. */
  onDead(): void;
  /** The answer to a ping has come, `rttMs` after it. */
  onPong?(rttMs: number): void;
  /** Something that was sent has been answered: the line lived a moment ago. */
  onAnswer?(): void;
}

export interface Heartbeat {
  /** Something that was sent has been answered, an ack for instance: the line lives. */
  answered(): void;
  /**
   * The answer to ping `n` has come; to the latest, where pongs carry no number. One that was not
   * asked for, or came twice, says nothing.
   */
  pong(n?: number): void;
  /** Pings at once and allows `timeoutMs` for the answer. While one is out, its deadline is kept. */
  probe(timeoutMs?: number): void;
  /** Ends it. Nothing is called afterwards. */
  stop(): void;
}

/** The share of the interval by which it is shortened at random, so that clients do not beat as one. */
const jitter = 0.1;

/** Starts beating. `intervalMs` and `timeoutMs` must be positive. */
export function startHeartbeat(options: HeartbeatOptions): Heartbeat {
  const { time, random, intervalMs, timeoutMs } = options;
  if (!(intervalMs > 0 && timeoutMs > 0)) {
    throw new RangeError(`heartbeat: ${intervalMs} ms and ${timeoutMs} ms must both be positive`);
  }
  let pings = 0;
  /** When each ping went out that has no answer yet, by number, oldest first. */
  const unanswered = new Map<number, number>();
  let cancelTimer: Cancel = () => {};
  let stopped = false;

  function rest() {
    unanswered.clear();
    cancelTimer();
    const delayMs = intervalMs * (1 - jitter * random());
    const dueAt = time.now() + delayMs;
    cancelTimer = time.after(delayMs, () => {
      const slept = time.now() - dueAt > lateMs;
      ping(slept ? wakeTimeoutMs : timeoutMs);
    });
  }

  function ping(allowedMs: number) {
    pings += 1;
    unanswered.set(pings, time.now());
    cancelTimer();
    cancelTimer = armDeadline(time, Math.min(allowedMs, timeoutMs), () => {
      stop();
      options.onDead();
    });
    options.sendPing(pings);
  }

  function stop() {
    stopped = true;
    cancelTimer();
    unanswered.clear();
  }

  rest();
  return {
    answered() {
      if (stopped) return;
      rest();
      options.onAnswer?.();
    },
    pong(n = pings) {
      const sentAt = unanswered.get(n);
      if (sentAt === undefined) return;
      const rttMs = time.now() - sentAt;
      rest();
      options.onPong?.(rttMs);
      options.onAnswer?.();
    },
    probe(allowedMs = wakeTimeoutMs) {
      if (!stopped && unanswered.size === 0) ping(allowedMs);
    },
    stop,
  };
}
