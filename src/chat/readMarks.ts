/**
 * How far the user has read each room. A mark only moves on. The server is told at a bounded pace, and
 * again when its summary shows that it did not hear: so nothing is lost with a line.
 */
import type { Cancel, Time } from '../connection/ports';
import type { ServerFrameOf } from '../protocol/frames';

export interface ReadMarksOptions {
  time: Time;
  /** Tells the server; false if there is no line, or it is not in the room. */
  send(room: string, seq: number): boolean;
}

export interface ReadMarks {
  /** Up to which place the user has read a room, as far as that is known. */
  of(room: string): number | undefined;
  /** The user has seen everything up to this place. False if that was known. */
  move(room: string, epoch: string, seq: number): boolean;
  /**
   * The user's own message has this place: whoever had read all before it has read it
   * too. False if that changes nothing.
   */
  wrote(room: string, seq: number): boolean;
  /** The server says how far the user has read, on any device. */
  told(frame: ServerFrameOf<'summary'>): void;
  /** There is a line: tells what was not told. */
  ready(): void;
  /** Tells of a room at once: it will be left. */
  flush(room: string): void;
  /** The room's log is another one, or not what it was. */
  reset(room: string): void;
  lineLost(): void;
  /** The user is another one now. */
  forget(): void;
}

/** How often the server is told, in ms. */
const tellEveryMs = 1_000;

interface Mark {
  readonly epoch: string;
  readonly seq: number;
  /** The server has said what it knows of this room: until then it is not told anything else. */
  readonly isKnown: boolean;
}

export function createReadMarks({ time, send }: ReadMarksOptions): ReadMarks {
  const marks = new Map<string, Mark>();
  /** Of which the server is to be told. */
  const pending = new Set<string>();
  let cancelPause: Cancel | undefined;

  function tell(room: string): boolean {
    const mark = marks.get(room);
    if (!pending.has(room) || !mark?.isKnown || !send(room, mark.seq)) return false;
    pending.delete(room);
    return true;
  }

  function tellPending() {
    if (cancelPause) return;
    const told = [...pending].filter(tell);
    if (told.length === 0) return;
    cancelPause = time.after(tellEveryMs, () => {
      cancelPause = undefined;
      tellPending();
    });
  }

  function move(room: string, epoch: string, seq: number): boolean {
    const known = marks.get(room);
    if (known?.epoch === epoch && known.seq >= seq) return false;
    marks.set(room, { epoch, seq, isKnown: known?.isKnown ?? false });
    pending.add(room);
    tellPending();
    return true;
  }

  return {
    of: (room) => marks.get(room)?.seq,
    move,
    wrote(room, seq) {
      const known = marks.get(room);
      return known !== undefined && known.seq >= seq - 1 && move(room, known.epoch, seq);
    },
    told({ room, epoch, read }) {
      const known = marks.get(room);
      const toldSeq = read?.seq ?? 0;
      const isAhead = known?.epoch === epoch && known.seq > toldSeq;
      marks.set(room, { epoch, seq: isAhead ? known.seq : toldSeq, isKnown: true });
      if (isAhead) pending.add(room);
      else pending.delete(room);
      tellPending();
    },
    ready: tellPending,
    flush: (room) => void tell(room),
    reset(room) {
      marks.delete(room);
      pending.delete(room);
    },
    lineLost() {
      cancelPause?.();
      cancelPause = undefined;
    },
    forget() {
      marks.clear();
      pending.clear();
    },
  };
}
