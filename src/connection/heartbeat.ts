/**
 * The heartbeat: finds a dead line that nobody closed. Life is an answer to something one has sent;
 * frames that merely arrive prove only the direction that they came from. So a ping goes out when
 * nothing has been answered for the interval, and a ping that stays unanswered for the timeout means
 * that the line is dead. Both ends run one of these.
 *
 * From the tutorial's heartbeat and ping/pong; RFC 6455 section 5.5.2 for the frames that a browser
 * keeps from scripts.
 */
import type { AdaptiveInterval } from './adaptiveInterval';
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
  /** Finds out how long the interval may be, instead of `intervalMs`. */
  adaptive?: AdaptiveInterval | undefined;
  /** Ms since anything last passed on the line, either way; needed to adapt. */
  silentMs?(): number;
  /** Sends ping number `n`. The next one comes `intervalMs` after its answer, or a little before. */
  sendPing(n: number, intervalMs: number): void;
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
  /** Pings now, unless a ping is out already. */
  ping(): void;
  /** Asks for an answer within `timeoutMs`: pings at once, unless a ping is out already. */
  probe(timeoutMs?: number): void;
  /** The interval from the next answer on, in ms. */
  beatEvery(intervalMs: number): void;
  /** Ends it. Nothing is called afterwards. */
  stop(): void;
}

/** The share of the interval by which it is shortened at random, so that clients do not beat as one. */
const jitter = 0.1;

/** Starts beating. `intervalMs` and `timeoutMs` must be positive. */
export function startHeartbeat(options: HeartbeatOptions): Heartbeat {
  const { time, random, timeoutMs, adaptive } = options;
  let { intervalMs } = options;
  if (!(intervalMs > 0 && timeoutMs > 0)) {
    throw new RangeError(`heartbeat: ${intervalMs} ms and ${timeoutMs} ms must both be positive`);
  }
  let pings = 0;
  /** When each ping went out that has no answer yet, by number, oldest first. */
  const unanswered = new Map<number, number>();
  /** When the line is dead if nothing is answered until then. */
  let deadAt = Number.POSITIVE_INFINITY;
  /** For how long the line had been silent when the latest ping broke the silence in its time. */
  let brokenSilenceMs: number | undefined;
  let cancelTimer: Cancel = () => {};
  let stopped = false;

  const currentMs = () => adaptive?.currentMs() ?? intervalMs;

  function rest() {
    unanswered.clear();
    deadAt = Number.POSITIVE_INFINITY;
    cancelTimer();
    const delayMs = currentMs() * (1 - jitter * random());
    const dueAt = time.now() + delayMs;
    cancelTimer = time.after(delayMs, () => {
      const slept = time.now() - dueAt > lateMs;
      beat(slept ? wakeTimeoutMs : timeoutMs, slept ? undefined : options.silentMs?.());
    });
  }

  function beat(allowedMs: number, silenceMs?: number) {
    pings += 1;
    unanswered.set(pings, time.now());
    brokenSilenceMs = silenceMs;
    allow(Math.min(allowedMs, timeoutMs));
    options.sendPing(pings, currentMs());
  }

  /** A deadline that has been set is never put off. */
  function allow(allowedMs: number) {
    if (time.now() + allowedMs >= deadAt) return;
    deadAt = time.now() + allowedMs;
    cancelTimer();
    cancelTimer = armDeadline(time, allowedMs, () => {
      if (brokenSilenceMs !== undefined) adaptive?.died(brokenSilenceMs);
      stop();
      options.onDead();
    });
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
      if (n === pings && brokenSilenceMs !== undefined) adaptive?.survived(brokenSilenceMs);
      rest();
      options.onPong?.(rttMs);
      options.onAnswer?.();
    },
    ping() {
      if (!stopped && unanswered.size === 0) beat(timeoutMs);
    },
    probe(allowedMs = wakeTimeoutMs) {
      if (stopped) return;
      if (unanswered.size === 0) beat(allowedMs);
      else allow(allowedMs);
    },
    beatEvery(nextMs) {
      intervalMs = nextMs;
    },
    stop,
  };
}
