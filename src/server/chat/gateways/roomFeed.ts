/**
 * Puts what several gateways append to one room in the order of the log, each message once and none left
 * out. What it is offered may come late, twice, in any order or not at all: what is missing after a moment
 * is read from the log, and when the log turns out to be another one, it goes on in that.
 */
import type { Cancel, Random, Time } from '../../../connection/ports';
import type { LoggedMessage } from '../../../protocol/message';
import { LogUnavailableError, type MessageLog, type PageLimit } from '../../log/log';
import type { RoomHead } from '../room/room';

export interface RoomFeedOptions {
  room: string;
  log: Pick<MessageLog, 'head' | 'after'>;
  time: Time;
  random: Random;
  /** The next message of the room, in log `epoch`. */
  tell(epoch: string, message: LoggedMessage): void;
  /** The log is another one, which ends there. Its last message, if it has any, is told next. */
  restarted(head: RoomHead): void;
  /** Told of what should not have happened. */
  onError(error: unknown): void;
}

/** How long what is missing may still be on its way, in ms: gateways are heard side by side. */
const patienceMs = 100;
/** After how long a log is tried again that was away, in ms; up to twice as long. */
const retryMs = 1_000;
/** So many wait for what is missing; what comes beyond is read with that. */
const maxHeld = 1_000;
const pageLimit: PageLimit = { messages: 1_000, length: 1_000_000 };

export class RoomFeed {
  readonly #options: RoomFeedOptions;
  /** The last message that was told, or where the room ended when this began. */
  #place: RoomHead | undefined;
  #beginning: Promise<void> | undefined;
  /** What came before this began. */
  #early: [epoch: string, message: LoggedMessage][] = [];
  /** What came before its turn, by sequence. */
  readonly #held = new Map<number, LoggedMessage>();
  #cancelRepair: Cancel | undefined;
  #isRepairing = false;
  #isRepairWanted = false;
  #isClosed = false;

  constructor(options: RoomFeedOptions) {
    this.#options = options;
  }

  /**
   * Resolves once it knows where the room ends: all that is appended after that is told. May reject with
   * `LogUnavailableError`, and may then be called again.
   */
  async begin(): Promise<void> {
    if (this.#place) return;
    this.#beginning ??= this.#readPlace().finally(() => {
      this.#beginning = undefined;
    });
    await this.#beginning;
  }

  /** A message that was appended to the room. */
  offer(epoch: string, message: LoggedMessage) {
    if (this.#isClosed) return;
    if (!this.#place) return this.#keepEarly(epoch, message);
    if (epoch !== this.#place.epoch) return this.catchUp();
    const ahead = message.seq - this.#place.seq;
    if (ahead <= 0) return;
    if (ahead === 1) {
      this.#tell(message);
      this.#tellHeld();
    } else {
      if (this.#held.size < maxHeld) this.#held.set(message.seq, message);
      this.#repairIn(patienceMs);
    }
  }

  /** Whether what is at `seq` was told, or was there before this began. */
  hasTold(seq: number): boolean {
    return this.#place !== undefined && seq <= this.#place.seq;
  }

  /** The log may hold what was not offered. */
  catchUp(): void {
    if (!this.#place || this.#isClosed) return;
    this.#cancelRepair?.();
    this.#cancelRepair = undefined;
    this.#isRepairWanted = true;
    if (!this.#isRepairing) void this.#repair();
  }

  /** Tells nothing more, and leaves no timer. */
  close(): void {
    this.#isClosed = true;
    this.#cancelRepair?.();
    this.#held.clear();
    this.#early = [];
  }

  #keepEarly(epoch: string, message: LoggedMessage): void {
    // With one left out the next shows that something is missing.
    if (this.#early.length === maxHeld) this.#early.shift();
    this.#early.push([epoch, message]);
  }

  async #readPlace(): Promise<void> {
    const { epoch, seq } = await this.#options.log.head(this.#options.room);
    this.#place = { epoch, seq };
    const early = this.#early;
    this.#early = [];
    for (const [offeredEpoch, message] of early) this.offer(offeredEpoch, message);
  }

  #tell(message: LoggedMessage): void {
    const { epoch } = this.#place ?? { epoch: '' };
    this.#place = { epoch, seq: message.seq };
    this.#held.delete(message.seq);
    this.#options.tell(epoch, message);
  }

  /** Tells what has come already and is now at its turn. */
  #tellHeld(): void {
    if (this.#held.size === 0) return;
    const nextHeld = () => this.#held.get((this.#place?.seq ?? 0) + 1);
    for (let next = nextHeld(); next; next = nextHeld()) this.#tell(next);
    if (this.#held.size > 0) return;
    this.#cancelRepair?.();
    this.#cancelRepair = undefined;
  }

  #repairIn(delayMs: number): void {
    this.#cancelRepair ??= this.#options.time.after(delayMs, () => {
      this.#cancelRepair = undefined;
      this.catchUp();
    });
  }

  async #repair(): Promise<void> {
    this.#isRepairing = true;
    try {
      while (this.#isRepairWanted && !this.#isClosed) {
        this.#isRepairWanted = false;
        await this.#readMissing();
      }
    } catch (error) {
      if (!(error instanceof LogUnavailableError)) this.#options.onError(error);
      if (!this.#isClosed) this.#repairIn(retryMs * (1 + this.#options.random()));
    } finally {
      this.#isRepairing = false;
    }
  }

  async #isAtEnd(): Promise<boolean> {
    const { epoch, seq } = await this.#options.log.head(this.#options.room);
    const place = this.#place;
    return epoch === place?.epoch && seq <= place.seq;
  }

  async #readMissing(): Promise<void> {
    const { room, log, restarted } = this.#options;
    // Where nothing is known to be missing, mostly nothing is: to ask for the end costs next to nothing.
    if (this.#held.size === 0 && (await this.#isAtEnd())) return;
    for (let more = true; more; ) {
      const place = this.#place;
      if (!place || this.#isClosed) return;
      const page = await log.after(room, place.seq, pageLimit);
      if (this.#isClosed) return;
      if (page.epoch === place.epoch) {
        for (const message of page.messages) this.offer(page.epoch, message);
        more = page.more;
      } else {
        // Whoever has read the other log learns of this one by its last message, and reads it anew.
        this.#held.clear();
        this.#place = { epoch: page.epoch, seq: Math.max(0, page.head - 1) };
        restarted({ epoch: page.epoch, seq: page.head });
      }
    }
    // More may have come before its turn while that was read.
    if (this.#held.size > 0) this.#repairIn(patienceMs);
  }
}
