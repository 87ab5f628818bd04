import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSeededRandom } from '../testing/seededRandom';
import {
  createUploadPace,
  largestWindowBytes,
  leastQueueBytes,
  leastWindowBytes,
  mostBytesPerMs,
  type UploadPace,
} from './uploadPace';

let now = 0;
let pace: UploadPace;
beforeEach(() => {
  now = 0;
  pace = createUploadPace(() => now);
});

/** So many round trips in which all that the window allows arrives after `delayMs`. Two make a round. */
function trips(count: number, delayMs: number) {
  for (let trip = 0; trip < count; trip += 1) {
    now += delayMs;
    for (let left = pace.windowBytes(); left > 0; left -= leastWindowBytes) {
      pace.arrived(delayMs);
    }
  }
}

interface Line {
  bytesPerMs: number;
  /** There and back, in ms. */
  wayMs: number;
  /** What machines and radio add to the way of a piece, each time; pieces stay in order. */
  late(): number;
}

/** What a minute of sending on that line comes to, as the sender does it: eight pieces to a window. */
function aMinuteOn({ bytesPerMs, wayMs, late }: Line) {
  const onTheWay: { bytes: number; sentAt: number; dueAt: number }[] = [];
  /** When the line has carried all that it was given. */
  let freeAt = 0;
  let carriedBytes = 0;
  const waitsMs: number[] = [];

  function fill() {
    for (;;) {
      const windowBytes = pace.windowBytes();
      const bytes = Math.floor(Math.max(4_096, windowBytes / 8));
      const sum = onTheWay.reduce((all, each) => all + each.bytes, bytes);
      if (onTheWay.length > 0 && sum > windowBytes) return;
      freeAt = Math.max(freeAt, now) + bytes / bytesPerMs;
      const lastDueAt = onTheWay.at(-1)?.dueAt ?? 0;
      onTheWay.push({ bytes, sentAt: now, dueAt: Math.max(lastDueAt, freeAt + wayMs + late()) });
    }
  }

  fill();
  for (let nextTextAt = 0; now < 60_000; ) {
    const [first] = onTheWay;
    if (!first || nextTextAt < first.dueAt) {
      now = nextTextAt;
      waitsMs.push(Math.max(0, freeAt - now));
      nextTextAt += 40;
      continue;
    }
    onTheWay.shift();
    now = first.dueAt;
    carriedBytes += first.bytes;
    pace.arrived(now - first.sentAt);
    fill();
  }
  waitsMs.sort((one, other) => one - other);
  return {
    /** How much of what the line could have carried it has. */
    used: carriedBytes / (bytesPerMs * now),
    /** What 95 of 100 texts waited at most for the line to be free, in ms. */
    waitMs: waitsMs[Math.floor(0.95 * waitsMs.length)] ?? Number.NaN,
  };
}

const never = () => 0;

describe('how much of a file may be on its way', () => {
  it('begins with little, and grows by half while nothing has to wait', () => {
    expect(pace.windowBytes()).toBe(16 * 1024);
    trips(2, 40);
    expect(pace.windowBytes()).toBe(24 * 1024);
    trips(4, 40);
    expect(pace.windowBytes()).toBe(54 * 1024);
    trips(20, 40);
    expect(pace.windowBytes()).toBe(largestWindowBytes);
  });

  it('is at once what the line carries, and a short queue, when the beginning was too bold', () => {
    trips(6, 40);
    expect(pace.windowBytes()).toBe(54 * 1024);
    // 1 KiB a ms: 14 KiB stand in a queue.
    trips(2, 54);
    expect(pace.windowBytes()).toBe((40 + 10) * 1024);
  });

  it('shrinks when two rounds on end say that a queue stands, and never below its least', () => {
    trips(6, 40);
    trips(2, 54);
    const before = pace.windowBytes();
    trips(2, 150);
    expect(pace.windowBytes()).toBe(before);
    trips(2, 150);
    expect(pace.windowBytes()).toBe(Math.floor(before * 0.7));
    trips(60, 300);
    expect(pace.windowBytes()).toBe(leastWindowBytes);
  });

  it('does not shrink for one piece that waited alone among others', () => {
    trips(6, 40);
    trips(2, 54);
    const before = pace.windowBytes();
    for (let trip = 0; trip < 6; trip += 1) {
      now += 44;
      pace.arrived(44);
      pace.arrived(150);
    }
    expect(pace.windowBytes()).toBeGreaterThanOrEqual(before);
  });

  it.each([
    // 1 Mbit/s: never less than half a window's least, which takes 32 ms there.
    { mbit: 1, wayMs: 40, mostMs: 2 * (leastQueueBytes / 125) },
    { mbit: 10, wayMs: 40, mostMs: 20 },
    { mbit: 10, wayMs: 200, mostMs: 100 },
    { mbit: 50, wayMs: 20, mostMs: 15 },
    { mbit: 100, wayMs: 5, mostMs: 10 },
    // One machine, on which a text takes a few ms.
    { mbit: 400, wayMs: 1, mostMs: 3 },
  ])('fills $mbit Mbit/s and $wayMs ms, and no text waits for more than $mostMs ms', (line) => {
    const { used, waitMs } = aMinuteOn({ ...line, bytesPerMs: 125 * line.mbit, late: never });
    expect(used).toBeGreaterThan(0.9);
    expect(waitMs).toBeLessThan(line.mostMs);
  });

  it('fills any line whose way wavers, and has a text wait about as long as the way at most', () => {
    const lines = fc.record({
      bytesPerMs: fc.integer({ min: 125, max: 5_000 }),
      wayMs: fc.integer({ min: 10, max: 60 }),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(lines, ({ bytesPerMs, wayMs, seed }) => {
        now = 0;
        pace = createUploadPace(() => now);
        const random = createSeededRandom(seed);
        // Mostly a little, and one of twenty waits until a busy machine comes to it.
        const late = () => random() * (random() < 0.05 ? wayMs : 0.1 * wayMs);
        const { used, waitMs } = aMinuteOn({ bytesPerMs, wayMs, late });
        expect(used).toBeGreaterThan(0.8);
        // On a slow line the least window takes its time, too.
        const leastMs = (leastWindowBytes + leastQueueBytes) / bytesPerMs;
        expect(waitMs).toBeLessThan(wayMs + leastMs);
      }),
      { numRuns: 100 },
    );
  });

  it('learns that the way has become a longer one', () => {
    trips(8, 40);
    // A minute and a half on a way that takes 200 ms: at first that looks like a queue.
    for (let second = 0; second < 90; second += 1) trips(5, 200);
    expect(pace.windowBytes()).toBeGreaterThan(100 * 1024);
  });

  it('lets the line run empty now and then, for a moment', () => {
    trips(20, 40);
    let least = Number.POSITIVE_INFINITY;
    let small = 0;
    for (let trip = 0; trip < 1_000; trip += 1) {
      trips(1, 40);
      least = Math.min(least, pace.windowBytes());
      if (pace.windowBytes() < largestWindowBytes / 2) small += 1;
    }
    expect(least).toBe(leastWindowBytes);
    // 40 s: it happened twice at most, for two rounds each.
    expect(small).toBeLessThan(10);
  });

  it('is between its bounds, whatever is measured', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(60_000), fc.nat(5_000))), (all) => {
        for (const [delayMs, pauseMs] of all) {
          now += pauseMs;
          pace.arrived(delayMs);
          expect(pace.windowBytes()).toBeGreaterThanOrEqual(leastWindowBytes);
          expect(pace.windowBytes()).toBeLessThanOrEqual(largestWindowBytes);
        }
      }),
    );
  });
});

describe('the pace on a way that is quicker than processors and disks', () => {
  it('lets no more than 100 Mbit/s leave', () => {
    let sent = 0;
    while (now < 1_000) {
      expect(pace.waitMs()).toBe(0);
      pace.left(20_000);
      sent += 20_000;
      now += pace.waitMs();
    }
    expect(sent).toBe(mostBytesPerMs * 1_000);
  });

  it('saves nothing up while nothing leaves', () => {
    now = 60_000;
    pace.left(20_000);
    expect(pace.waitMs()).toBeCloseTo(20_000 / mostBytesPerMs);
  });
});
