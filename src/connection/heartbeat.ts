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
  /** Another interval and timeout at once: what is due is due by them, reckoned from when it began. */
  retime(timing: HeartbeatTiming): void;
  /** When the next ping goes out, or when the line is dead if nothing is answered until then; while it beats. */
  due(): HeartbeatDue;
  /** Ends it. Nothing is called afterwards. */
  stop(): void;
}

/** By the heartbeat's clock, in ms; undefined where nothing is due. */
export interface HeartbeatDue {
  readonly pingAt: number | undefined;
  readonly deadAt: number | undefined;
}

/** The share of the interval by which it is shortened at random, so that clients do not beat as one. */
const jitter = 0.1;

/** Starts beating. `intervalMs` and `timeoutMs` must be positive. */
export function startHeartbeat(options: HeartbeatOptions): Heartbeat {
  return new BeatingHeart(options);
}

/** A class and no closures: a server has one for each of tens of thousands of lines. */
class BeatingHeart implements Heartbeat {
  readonly #options: HeartbeatOptions;
  #intervalMs: number;
  #timeoutMs: number;
  #pings = 0;
  /** When the rest began that the next ping ends. */
  #restedAt = 0;
  /** When the next ping goes out, while none is unanswered. */
  #pingAt = 0;
  /** When each ping went out that has no answer yet, by number, oldest first; undefined while none is. */
  #unanswered: Map<number, number> | undefined;
  /** When the line is dead if nothing is answered until then. */
  #deadAt = Number.POSITIVE_INFINITY;
  /** For how long the line had been silent when the latest ping broke the silence in its time. */
  #brokenSilenceMs: number | undefined;
  #cancelTimer: Cancel | undefined;
  #isStopped = false;

  constructor(options: HeartbeatOptions) {
    const { intervalMs, timeoutMs } = options;
    if (!(intervalMs > 0 && timeoutMs > 0)) {
      throw new RangeError(`heartbeat: ${intervalMs} ms and ${timeoutMs} ms must both be positive`);
    }
    this.#options = options;
    this.#intervalMs = intervalMs;
    this.#timeoutMs = timeoutMs;
    this.#rest();
  }

  answered(): void {
    if (this.#isStopped) return;
    this.#rest();
    this.#options.onAnswer?.();
  }

  pong(n = this.#pings): void {
    const { time, adaptive } = this.#options;
    const sentAt = this.#unanswered?.get(n);
    if (sentAt === undefined) return;
    const rttMs = time.now() - sentAt;
    if (n === this.#pings && this.#brokenSilenceMs !== undefined) {
      adaptive?.survived(this.#brokenSilenceMs);
    }
    this.#rest();
    this.#options.onPong?.(rttMs);
    this.#options.onAnswer?.();
  }

  ping(): void {
    if (!this.#isStopped && !this.#unanswered) this.#beat(this.#timeoutMs);
  }

  probe(allowedMs = wakeTimeoutMs): void {
    if (this.#isStopped) return;
    if (this.#unanswered) this.#allow(allowedMs);
    else this.#beat(allowedMs);
  }

  beatEvery(nextMs: number): void {
    this.#intervalMs = nextMs;
  }

  retime({ intervalMs, timeoutMs }: HeartbeatTiming): void {
    this.#intervalMs = intervalMs;
    this.#timeoutMs = timeoutMs;
    if (this.#isStopped) return;
    const [oldest] = this.#unanswered?.values() ?? [];
    if (oldest === undefined) {
      this.#restSince(this.#restedAt);
      return;
    }
    this.#deadAt = Number.POSITIVE_INFINITY;
    this.#allow(Math.max(0, oldest + timeoutMs - this.#options.time.now()));
  }

  due(): HeartbeatDue {
    return this.#unanswered
      ? { pingAt: undefined, deadAt: this.#deadAt }
      : { pingAt: this.#pingAt, deadAt: undefined };
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancelTimer?.();
    this.#unanswered = undefined;
  }

  #currentMs(): number {
    return this.#options.adaptive?.currentMs() ?? this.#intervalMs;
  }

  #rest(): void {
    this.#restSince(this.#options.time.now());
  }

  #restSince(restedAt: number): void {
    const { time, random } = this.#options;
    this.#restedAt = restedAt;
    this.#unanswered = undefined;
    this.#deadAt = Number.POSITIVE_INFINITY;
    this.#cancelTimer?.();
    const restMs = this.#currentMs() * (1 - jitter * random());
    const delayMs = Math.max(0, restedAt + restMs - time.now());
    this.#pingAt = time.now() + delayMs;
    this.#cancelTimer = time.after(delayMs, () => {
      const slept = time.now() - this.#pingAt > lateMs;
      this.#beat(
        slept ? wakeTimeoutMs : this.#timeoutMs,
        slept ? undefined : this.#options.silentMs?.(),
      );
    });
  }

  #beat(allowedMs: number, silenceMs?: number): void {
    this.#pings += 1;
    this.#unanswered ??= new Map();
    this.#unanswered.set(this.#pings, this.#options.time.now());
    this.#brokenSilenceMs = silenceMs;
    this.#allow(Math.min(allowedMs, this.#timeoutMs));
    this.#options.sendPing(this.#pings, this.#currentMs());
  }

  /** A deadline that has been set is never put off. */
  #allow(allowedMs: number): void {
    const { time } = this.#options;
    if (time.now() + allowedMs >= this.#deadAt) return;
    this.#deadAt = time.now() + allowedMs;
    this.#cancelTimer?.();
    this.#cancelTimer = armDeadline(time, allowedMs, () => {
      if (this.#brokenSilenceMs !== undefined) this.#options.adaptive?.died(this.#brokenSilenceMs);
      this.stop();
      this.#options.onDead();
    });
  }
}
