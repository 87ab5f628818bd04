/** Keeps rows of frames up to date with their log, a few times a second at most. */
import { useReducer, useRef, useState } from 'react';
import type { LineLog } from '../../store/labStore';
import type { FrameRows } from './frameRows';
import { useEachFrame } from './useEachFrame';

/** Nobody reads faster, in ms. */
const redrawMs = 100;

/** Returns how many rows have gone from the top since these rows began. */
export function useFrameRows(reader: FrameRows, log: LineLog): number {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const dropped = useRef({ reader, rows: 0 });
  if (dropped.current.reader !== reader) dropped.current = { reader, rows: 0 };
  // Rows that are made anew are there at once.
  if (reader.rows.length === 0) reader.read(log);
  useEachFrame(() => {
    const read = reader.read(log);
    dropped.current.rows += read.dropped;
    if (read.isChanged) redraw();
  }, redrawMs);
  return dropped.current.rows;
}

/** The number of the next event, as often as somebody reads it. */
export function useNextNumber(log: LineLog): number {
  const [nextNumber, setNextNumber] = useState(log.nextNumber);
  useEachFrame(() => setNextNumber(log.nextNumber), 250);
  return nextNumber;
}
