/**
 * What happened on the line, for who looks at it: the latest events, in a ring that is bounded in count and
 * in bytes. Adding one costs the same however many there are.
 */
import { callSafely } from '../connection/callSafely';
import type { Cancel } from '../connection/ports';
import type { LineEvent, LineLog } from './types';

/** An event before it has been given its number and its time. */
export type Happening = LineEvent extends infer Each
  ? Each extends LineEvent
    ? Omit<Each, 'number' | 'at'>
    : never
  : never;

export interface EventRing extends LineLog {
  record(happening: Happening): void;
}

/** How much is kept, and how long the text of one frame may be: longer ones are counted only. */
export interface RingLimits {
  readonly events: number;
  readonly bytes: number;
  readonly textBytes: number;
}

export const ringLimits: RingLimits = { events: 5_000, bytes: 4_194_304, textBytes: 65_536 };

/** What an event costs that carries no text, in bytes: about. */
const bareBytes = 100;

/** `now` is the clock that the connection has. */
export function createEventRing(now: () => number, limits: RingLimits = ringLimits): EventRing {
  const kept: (LineEvent | undefined)[] = [];
  const listeners = new Set<(event: LineEvent) => void>();
  let firstNumber = 0;
  let nextNumber = 0;
  let bytes = 0;

  const placeOf = (number: number) => number % limits.events;

  function dropFirst() {
    const place = placeOf(firstNumber);
    bytes -= costOf(kept[place]);
    kept[place] = undefined;
    firstNumber += 1;
  }

  return {
    get firstNumber() {
      return firstNumber;
    },
    get nextNumber() {
      return nextNumber;
    },
    at: (number) =>
      number >= firstNumber && number < nextNumber ? kept[placeOf(number)] : undefined,
    listen(onEvent): Cancel {
      listeners.add(onEvent);
      return () => listeners.delete(onEvent);
    },
    record(happening) {
      const isLong = happening.kind === 'frame' && happening.bytes > limits.textBytes;
      const event: LineEvent = {
        ...happening,
        ...(isLong && { text: undefined }),
        number: nextNumber,
        at: now(),
      };
      if (nextNumber - firstNumber === limits.events) dropFirst();
      kept[placeOf(nextNumber)] = event;
      nextNumber += 1;
      bytes += costOf(event);
      while (bytes > limits.bytes && firstNumber < nextNumber - 1) dropFirst();
      for (const listener of [...listeners]) callSafely(() => listener(event));
    },
  };
}

function costOf(event: LineEvent | undefined): number {
  if (!event) return 0;
  return bareBytes + (event.kind === 'frame' && event.text !== undefined ? event.bytes : 0);
}
