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

export interface HeartbeatOptions {
  time: Time;
  random: Random;
  /** Asked whenever it is needed: once it has changed, what begins goes by it. */
  timing(): HeartbeatTiming;
  /** What finds out how long the interval may be, if anything does: it goes before `intervalMs`. */
  adaptive?(): AdaptiveInterval | undefined;
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
  /** The timing has changed: what is due is due by it, too, reckoned from when that began. */
  retime(): void;
  /** When the next ping goes out, or when the line is dead if nothing is answered until then; while it beats. */
  due(): HeartbeatDue;
  /** Ends it. Nothing is called afterwards. */
  stop(): void;
}

/** By the heartbeat's clock, in ms; undefined where nothing is due. */
export interface HeartbeatDue {
  readonly pingAt?: number;
  readonly deadAt?: number;
}

/** The share of the interval by which it is shortened at random, so that clients do not beat as one. */
const jitter = 0.1;

/** Starts beating. Throws a RangeError unless `intervalMs` and `timeoutMs` are positive. */
export function startHeartbeat(options: HeartbeatOptions): Heartbeat {
  return new BeatingHeart(options);
}

/** A class and no closures: a server has one for each of tens of thousands of lines. */
class BeatingHeart implements Heartbeat {
  readonly #options: HeartbeatOptions;
  #pings = 0;
  /** When the rest began that the next ping ends. */
  #restedAt = 0;
  /** When the latest ping went out, while nothing has been answered since: the next one waits for that. */
  #sentAt: number | undefined;
  /** The same while it has no pong, which may come behind the answer to something else. */
  #pingedAt: number | undefined;
  /** When the next ping goes out; while one has no answer, when the line is dead without any. */
  #dueAt = 0;
  /** For how long the line had been silent when the latest ping broke the silence in its time. */
  #brokenSilenceMs: number | undefined;
  #cancelTimer: Cancel | undefined;
  #isStopped = false;

  constructor(options: HeartbeatOptions) {
    const { intervalMs, timeoutMs } = options.timing();
    if (!(intervalMs > 0 && timeoutMs > 0)) {
      throw new RangeError(`heartbeat: ${intervalMs} ms and ${timeoutMs} ms must be positive`);
    }
    this.#options = options;
    this.#rest();
  }

  answered(): void {
    if (this.#isStopped) return;
    this.#rest();
    this.#options.onAnswer?.();
  }

  pong(n = this.#pings): void {
    if (this.#pingedAt === undefined || n !== this.#pings) return;
    const rttMs = this.#options.time.now() - this.#pingedAt;
    this.#pingedAt = undefined;
    if (this.#brokenSilenceMs !== undefined) {
      this.#options.adaptive?.()?.survived(this.#brokenSilenceMs);
    }
    this.#rest();
    this.#options.onPong?.(rttMs);
    this.#options.onAnswer?.();
  }

  ping(): void {
    if (!this.#isStopped && this.#sentAt === undefined) this.#beat();
  }

  probe(allowedMs = wakeTimeoutMs): void {
    if (this.#isStopped) return;
    if (this.#sentAt === undefined) this.#beat(allowedMs);
    // A deadline that has been set is not put off.
    else if (this.#options.time.now() + allowedMs < this.#dueAt) this.#allow(allowedMs);
  }

  retime(): void {
    if (this.#isStopped) return;
    const { timeoutMs } = this.#options.timing();
    if (this.#sentAt === undefined) this.#rest(this.#restedAt);
    else this.#allow(Math.max(0, this.#sentAt + timeoutMs - this.#options.time.now()));
  }

  due(): HeartbeatDue {
    return this.#sentAt === undefined ? { pingAt: this.#dueAt } : { deadAt: this.#dueAt };
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancelTimer?.();
    this.#sentAt = this.#pingedAt = undefined;
  }

  #currentMs(): number {
    const { intervalMs } = this.#options.timing();
    return this.#options.adaptive?.()?.currentMs(intervalMs) ?? intervalMs;
  }

  #rest(restedAt = this.#options.time.now()): void {
    const { time, random } = this.#options;
    this.#restedAt = restedAt;
    this.#sentAt = undefined;
    this.#cancelTimer?.();
    const restMs = this.#currentMs() * (1 - jitter * random());
    const delayMs = Math.max(0, restedAt + restMs - time.now());
    this.#dueAt = time.now() + delayMs;
    this.#cancelTimer = time.after(delayMs, () => {
      const slept = time.now() - this.#dueAt > lateMs;
      if (slept) this.#beat(wakeTimeoutMs);
      else this.#beat(undefined, this.#options.silentMs?.());
    });
  }

  #beat(allowedMs = Number.POSITIVE_INFINITY, silenceMs?: number): void {
    this.#pings += 1;
    this.#sentAt = this.#pingedAt = this.#options.time.now();
    this.#brokenSilenceMs = silenceMs;
    this.#allow(Math.min(allowedMs, this.#options.timing().timeoutMs));
    this.#options.sendPing(this.#pings, this.#currentMs());
  }

  #allow(allowedMs: number): void {
    const { time } = this.#options;
    this.#dueAt = time.now() + allowedMs;
    this.#cancelTimer?.();
    this.#cancelTimer = armDeadline(time, allowedMs, () => {
      if (this.#brokenSilenceMs !== undefined)
        this.#options.adaptive?.()?.died(this.#brokenSilenceMs);
      this.stop();
      this.#options.onDead();
    });
  }
}
