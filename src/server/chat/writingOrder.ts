/**
 * Keeps the order in which one connection wrote when the log was away for a moment: behind a message that was
 * refused for now, those that came after it are refused as well, until it has come again. Each comes again
 * within seconds, the oldest first, or is not waited for any longer.
 */

/** How long a message that was refused is waited for, in ms: longer than a client is asked to wait. */
const patienceMs = 5_000;
/** More than a client has on its way; who sends more in spite of refusals has no order to be kept. */
const mostHeld = 256;

interface Held {
  readonly id: string;
  /** It has come, or come again, and the log has not answered yet. */
  isTrying: boolean;
  until: number;
}

interface Waiting {
  /** In the order of writing. */
  held: Held[];
  /** When the last message that was refused is to come again, in ms. */
  dueAtMs: number;
}

export class WritingOrder {
  readonly #rooms = new Map<string, Waiting>();

  /** Whether a message that has come may go to the log. If not, it is to be refused for now. */
  mayGo(room: string, id: string, nowMs: number): boolean {
    const held = this.#rooms.get(room)?.held;
    if (!held) return true;
    const until = nowMs + patienceMs;
    for (const each of [...held]) {
      if (each.id === id) {
        Object.assign(each, { isTrying: true, until });
        return true;
      }
      if (each.isTrying) continue;
      if (each.until <= nowMs) held.splice(held.indexOf(each), 1);
      else return this.#hold(held, { id, isTrying: false, until });
    }
    if (held.length === 0) this.#rooms.delete(room);
    // Should it be refused, its place is before what comes from now on.
    else this.#hold(held, { id, isTrying: true, until });
    return true;
  }

  /** The log has refused the message for now. */
  refused(room: string, id: string, nowMs: number): void {
    const { held } = this.#waitingIn(room);
    const until = nowMs + patienceMs;
    const known = held.find((each) => each.id === id);
    if (known) Object.assign(known, { isTrying: false, until });
    else this.#hold(held, { id, isTrying: false, until });
  }

  /** The log has answered the message for good. */
  answered(room: string, id: string): void {
    const waiting = this.#rooms.get(room);
    if (!waiting) return;
    waiting.held = waiting.held.filter((each) => each.id !== id);
    if (waiting.held.length === 0) this.#rooms.delete(room);
  }

  /**
   * In how many ms a message that is refused now is to come again: the first one of the room in `wishedMs`, and
   * each other right behind the one before. So even who sends each again by itself has them in their order.
   */
  afterMs(room: string, nowMs: number, wishedMs: number): number {
    const waiting = this.#waitingIn(room);
    waiting.dueAtMs = waiting.dueAtMs > nowMs ? waiting.dueAtMs + 1 : nowMs + wishedMs;
    return Math.ceil(waiting.dueAtMs - nowMs);
  }

  #waitingIn(room: string): Waiting {
    const waiting = this.#rooms.get(room) ?? { held: [], dueAtMs: 0 };
    this.#rooms.set(room, waiting);
    return waiting;
  }

  #hold(held: Held[], message: Held): false {
    if (!held.some(({ id }) => id === message.id)) held.push(message);
    if (held.length > mostHeld) held.splice(0);
    return false;
  }
}
