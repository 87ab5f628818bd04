/**
 * The rows of the list of frames: which events are shown, in order, heartbeats in a row folded into one.
 * Reads the log a piece at a time, each event once, so that a thousand a second cost little; holds no
 * more than the log does.
 */
import type { LineEvent, LineLog } from '../../store/labStore';
import { decodeFrame } from './decodeFrame';

export interface FrameFilter {
  readonly direction: 'all' | 'in' | 'out';
  /** Of frames only those of this type; `line`: what is no frame. Undefined: everything. */
  readonly type: string | undefined;
  /** Of frames only those that have this in their text, in any case. */
  readonly text: string;
  /** Heartbeats in a row are one row. */
  readonly isFolding: boolean;
}

export const showsAll: FrameFilter = {
  direction: 'all',
  type: undefined,
  text: '',
  isFolding: true,
};

/** Heartbeats in a row. */
export interface BeatsRow {
  readonly kind: 'beats';
  /** The numbers of the first and the last of their frames. */
  readonly number: number;
  readonly last: number;
  readonly at: number;
  readonly frames: number;
  /** The last of them was answered after so many ms. */
  readonly rttMs: number | undefined;
  readonly isUnfolded: boolean;
}

export interface EventRow {
  readonly kind: 'event';
  readonly number: number;
  readonly event: LineEvent;
}

export type FrameRow = BeatsRow | EventRow;

export interface FrameRows {
  readonly rows: readonly FrameRow[];
  /** Types of frames that were seen, in the order of the alphabet. */
  readonly types: readonly string[];
  /**
   * Reads what is new in the log, and drops what is gone from it. Tells whether the rows are others now,
   * and how many have gone from the top.
   */
  read(log: LineLog): { isChanged: boolean; dropped: number };
  /** Shows the heartbeats of this row each in its own, or no longer. */
  toggle(number: number): void;
}

export function createFrameRows(filter: FrameFilter): FrameRows {
  let rows: FrameRow[] = [];
  let types: string[] = [];
  let firstNumber = 0;
  let nextNumber = 0;
  /** Where the heartbeats are that the next one joins. */
  let beatsAt: number | undefined;
  const unfolded = new Set<number>();
  let isStale = false;

  const add = (event: LineEvent) => {
    if (event.kind === 'answer') {
      if (event.to === 'ping') changeBeats({ rttMs: event.rttMs });
      return;
    }
    const decoded = event.kind === 'frame' ? decodeFrame(event) : undefined;
    if (decoded && !types.includes(decoded.type)) types = [...types, decoded.type].sort();
    if (!isShown(event, filter)) return;
    const { number } = event;
    if (filter.isFolding && decoded?.isHeartbeat) {
      addBeat(event);
      return;
    }
    // A knob that is turned changes many times on its way.
    if (isSameChange(rows.at(-1), event)) rows.pop();
    rows.push({ kind: 'event', number, event });
    beatsAt = undefined;
  };

  const addBeat = (event: LineEvent) => {
    const { number, at } = event;
    const beats = beatsRow();
    if (beats) {
      changeBeats({ last: number, frames: beats.frames + 1 });
    } else {
      beatsAt = rows.length;
      const isUnfolded = unfolded.has(number);
      rows.push({
        kind: 'beats',
        number,
        last: number,
        at,
        frames: 1,
        rttMs: undefined,
        isUnfolded,
      });
    }
    if (beatsRow()?.isUnfolded) rows.push({ kind: 'event', number, event });
  };

  const beatsRow = () => {
    const row = beatsAt === undefined ? undefined : rows[beatsAt];
    return row?.kind === 'beats' ? row : undefined;
  };

  const changeBeats = (change: Partial<BeatsRow>) => {
    const beats = beatsRow();
    if (beats && beatsAt !== undefined) rows[beatsAt] = { ...beats, ...change };
  };

  const dropBefore = (number: number): number => {
    const open = beatsRow();
    const kept = rows.filter((row) => (row.kind === 'beats' ? row.last : row.number) >= number);
    const dropped = rows.length - kept.length;
    if (dropped === 0) return 0;
    rows = kept;
    beatsAt = open && kept.includes(open) ? kept.indexOf(open) : undefined;
    return dropped;
  };

  const forget = () => {
    rows = [];
    beatsAt = undefined;
    firstNumber = 0;
    nextNumber = 0;
    isStale = false;
  };

  return {
    get rows() {
      return rows;
    },
    get types() {
      return types;
    },
    read(log) {
      // A record that is wound back, or rows that are to be made anew.
      const isAnew = isStale || log.nextNumber < nextNumber;
      if (isAnew) forget();
      const isRead = log.nextNumber > nextNumber;
      const dropped = log.firstNumber > firstNumber ? dropBefore(log.firstNumber) : 0;
      firstNumber = log.firstNumber;
      const from = Math.max(nextNumber, firstNumber);
      for (let number = from; number < log.nextNumber; number += 1) {
        const event = log.at(number);
        if (event) add(event);
      }
      nextNumber = log.nextNumber;
      return { isChanged: isAnew || isRead || dropped > 0, dropped };
    },
    toggle(number) {
      if (!unfolded.delete(number)) unfolded.add(number);
      isStale = true;
    },
  };
}

function isSameChange(row: FrameRow | undefined, event: LineEvent): boolean {
  if (row?.kind !== 'event' || row.event.kind !== 'fault' || event.kind !== 'fault') return false;
  const { what } = event;
  return row.event.what === what && (what === 'faults changed' || what === 'tuning changed');
}

function isShown(event: LineEvent, { direction, type, text }: FrameFilter): boolean {
  if (event.kind !== 'frame') {
    return type === 'line' || (type === undefined && text === '' && direction === 'all');
  }
  if (direction !== 'all' && event.direction !== direction) return false;
  if (type !== undefined && decodeFrame(event).type !== type) return false;
  return text === '' || (event.text ?? '').toLowerCase().includes(text.toLowerCase());
}
