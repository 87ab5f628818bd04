/**
 * One direction of a line. What is put on it passes in the order in which it was put: at once where nothing
 * stands in the way, after the delay, or when a line that was frozen thaws.
 */
import type { Cancel, Time } from '../connection/ports';

export interface LaneOptions {
  time: Time;
  isFrozen(): boolean;
  /** In ms, for what is put on the line from now on. */
  delayMs(): number;
}

export interface Lane {
  /** Something of so many bytes goes this way; `pass` is called when it is through. */
  put(pass: () => void, bytes?: number): void;
  isFrozen(): boolean;
  /** What is put on it now does not pass at once. */
  isHolding(): boolean;
  /** How much is under way. */
  bytes(): number;
  /** It was frozen or thawed, or the delay is another one. */
  changed(): void;
  /** What is under way passes never. */
  clear(): void;
}

interface UnderWay {
  dueAt: number;
  readonly bytes: number;
  readonly pass: () => void;
}

export function createLane({ time, isFrozen, delayMs }: LaneOptions): Lane {
  let underWay: UnderWay[] = [];
  let bytesUnderWay = 0;
  let cancelTimer: Cancel = () => {};

  const isHolding = () => underWay.length > 0 || isFrozen() || delayMs() > 0;

  function arm() {
    cancelTimer();
    const [next] = underWay;
    if (next && !isFrozen())
      cancelTimer = time.after(Math.max(0, next.dueAt - time.now()), passDue);
  }

  function passDue() {
    const now = time.now();
    for (let [next] = underWay; next && !isFrozen() && next.dueAt <= now; [next] = underWay) {
      underWay.shift();
      bytesUnderWay -= next.bytes;
      next.pass();
    }
    arm();
  }

  return {
    isFrozen,
    isHolding,
    bytes: () => bytesUnderWay,
    put(pass, bytes = 0) {
      if (!isHolding()) return pass();
      underWay.push({ dueAt: time.now() + delayMs(), bytes, pass });
      bytesUnderWay += bytes;
      if (underWay.length === 1) arm();
    },
    changed() {
      const latest = time.now() + delayMs();
      for (const each of underWay) each.dueAt = Math.min(each.dueAt, latest);
      arm();
    },
    clear() {
      underWay = [];
      bytesUnderWay = 0;
      cancelTimer();
    },
  };
}
