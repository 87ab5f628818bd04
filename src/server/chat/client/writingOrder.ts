/**
 * Keeps the order in which one connection wrote when the log was away for a moment: behind a message that was
 * refused for now, those that came after it are refused as well, until it has come again. Each comes again
 * within seconds, the oldest first, or is not waited for any longer. Who drops what was refused, as a client
 * may, is not held up by that for longer either, however much it goes on to write.
 */

/** How long a message that was refused is waited for, in ms: longer than a client is asked to wait. */
const patienceMs = 5_000;
/** More than a client has on its way; who sends more in spite of refusals has no order to be kept. */
const mostHeld = 256;

/** How much later than it is due the next message may come, in ms, at first: it is on its way. */
const leastLateMs = 20;

/** Who has refused a message: the log is away, or it would overtake others. */
export type RefusedBy = 'log' | 'order';

interface Held {
  readonly id: string;
  /** Its place among all that came on this connection, when it came first. */
  readonly place: number;
  /** It has come, or come again, and the log has not answered yet. */
  isTrying: boolean;
  until: number;
  /** The round in which it was last told when to come again. */
  round?: number;
}

interface Waiting {
  /** In the order of writing. */
  held: Held[];
  /**
   * Until when something is waited for that came only once: so long after the log refused something, or something
   * came again, which shows that this client drops nothing.
   */
  until: number;
  /** Each goes through all that is held: it ends when one of them has come again, and is refused again. */
  round: number;
  /** When the last message of this round is to come again, in ms. */
  dueAtMs: number;
  /** How long the next one waits that would overtake what is due, in ms. */
  lateMs: number;
}

export class WritingOrder {
  readonly #rooms = new Map<string, Waiting>();

  /**
   * Whether a message that has come may go to the log. If not, it is to be refused for now. `place`: in which it
   * came, counted on the connection.
   */
  mayGo(room: string, id: string, place: number, nowMs: number): boolean {
    const waiting = this.#rooms.get(room);
    if (!waiting) return true;
    const { held } = waiting;
    const known = held.find((each) => each.id === id);
    if (known) waiting.until = known.until = nowMs + patienceMs;
    for (const each of [...held]) {
      if (each.id === id) {
        each.isTrying = true;
        return true;
      }
      if (each.isTrying) continue;
      if (each.until > nowMs) {
        return known
          ? false
          : this.#hold(held, { id, place, isTrying: false, until: waiting.until });
      }
      held.splice(held.indexOf(each), 1);
    }
    if (held.length === 0) this.#rooms.delete(room);
    // Should it be refused, its place is before what comes from now on.
    else this.#hold(held, { id, place, isTrying: true, until: waiting.until });
    return true;
  }

  /** The log has refused the message for now. Others that came behind it may have been refused before. */
  refused(room: string, id: string, place: number, nowMs: number): void {
    const waiting = this.#waitingIn(room);
    const { held } = waiting;
    const until = nowMs + patienceMs;
    waiting.until = until;
    const known = held.find((each) => each.id === id);
    if (known) Object.assign(known, { isTrying: false, until });
    else this.#hold(held, { id, place, isTrying: false, until });
  }

  /** The log has answered the message for good. */
  answered(room: string, id: string): void {
    const waiting = this.#rooms.get(room);
    if (!waiting) return;
    waiting.held = waiting.held.filter((each) => each.id !== id);
    waiting.lateMs = leastLateMs;
    if (waiting.held.length === 0) this.#rooms.delete(room);
  }

  /**
   * In how many ms a message that is refused now is to come again: the first one of the room in `wishedMs`, but
   * before it is given up, and each other right behind the one before. So even who sends each again by itself has
   * them in their order. One that is refused only as it would overtake, while those before it are about to come,
   * comes right behind them, and a little later each time that they are not there.
   */
  afterMs(room: string, id: string, nowMs: number, wishedMs: number, why: RefusedBy): number {
    const waiting = this.#waitingIn(room);
    const message = waiting.held.find((each) => each.id === id);
    const hasComeAgain = message?.round === waiting.round;
    if (why === 'log') waiting.lateMs = leastLateMs;
    if (hasComeAgain || waiting.dueAtMs <= nowMs) {
      waiting.round += 1;
      const delayMs = why === 'log' ? wishedMs : Math.min(wishedMs, waiting.lateMs);
      if (why === 'order') waiting.lateMs *= 2;
      const wishedAtMs = Math.min(nowMs + delayMs, Math.max(waiting.until, nowMs + 1));
      waiting.dueAtMs = Math.max(wishedAtMs, waiting.dueAtMs + 1);
    } else {
      waiting.dueAtMs += 1;
    }
    if (message) message.round = waiting.round;
    return Math.ceil(waiting.dueAtMs - nowMs);
  }

  #waitingIn(room: string): Waiting {
    const waiting = this.#rooms.get(room) ?? {
      held: [],
      until: Number.POSITIVE_INFINITY,
      round: 0,
      dueAtMs: 0,
      lateMs: leastLateMs,
    };
    this.#rooms.set(room, waiting);
    return waiting;
  }

  #hold(held: Held[], message: Held): false {
    if (!held.some(({ id }) => id === message.id)) {
      const behind = held.findIndex(({ place }) => place > message.place);
      held.splice(behind < 0 ? held.length : behind, 0, message);
    }
    if (held.length > mostHeld) held.splice(0);
    return false;
  }
}
