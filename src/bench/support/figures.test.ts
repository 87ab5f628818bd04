import { describe, expect, it } from 'vitest';
import type { PageNotes } from '../page/notebook';
import { figuresOf, harmOf, isComplete, type Observation } from './figures';

const faultAt = 10_000;
const endAt = 20_000;

/** Message `n` is written at `n` s, and arrives 10 ms later. */
const writtenAt = (n: number) => ({ n, at: n * 1_000 });
const arrivedAt = (n: number) => ({ n, at: n * 1_000 + 10 });
const numbers = Array.from({ length: 25 }, (_, n) => n);
const broadcasts = ['b 0', 'b 1', 'b 2'];

const notes: PageNotes = {
  socketsAt: [0],
  changes: [{ at: 0, isUp: true }],
  written: numbers.map(writtenAt),
  shown: broadcasts,
  seenAt: { 'b 0': 1_000, 'b 1': 20_050, 'b 2': 20_100 },
  errors: 0,
  ticksAt: [],
};

function figures(differences: Partial<Observation> = {}, life: Partial<PageNotes> = {}) {
  return figuresOf({
    lives: [{ ...notes, ...life }],
    countedTo: 25,
    arrivals: numbers.map(arrivedAt),
    broadcasts,
    saidAfterEndFrom: 2,
    faultAt,
    endAt,
    ...differences,
  });
}

describe('the figures of a fault', () => {
  it('are all zero when everything came once and in order', () => {
    expect(harmOf(figures())).toEqual([]);
    expect(isComplete(figures())).toBe(true);
    expect(figures().noticedS).toBe(Number.POSITIVE_INFINITY);
  });

  it('count what never came, what came twice, and what came after a later one', () => {
    const without = numbers.filter((n) => n !== 3).map(arrivedAt);
    expect(harmOf(figures({ arrivals: without }))).toEqual(['1 lost']);
    expect(isComplete(figures({ arrivals: without }))).toBe(false);
    const twice = [...numbers, 3].map(arrivedAt);
    expect(harmOf(figures({ arrivals: twice }))).toEqual(['1 doubled']);
    const mixed = [1, 0, ...numbers.slice(2)].map(arrivedAt);
    expect(harmOf(figures({ arrivals: mixed }))).toEqual(['1 reordered']);
  });

  it('count only what was written, and below the mark', () => {
    const written = numbers.slice(0, 5).map(writtenAt);
    const arrivals = [...numbers.slice(0, 5), 1_000, 1_000].map(arrivedAt);
    expect(harmOf(figures({ arrivals }, { written }))).toEqual([]);
  });

  it('count broadcasts that are missing, shown twice, or shown in another order', () => {
    expect(harmOf(figures({}, { shown: ['b 0', 'b 2'] }))).toEqual(['1 missed']);
    const twice = { shown: ['b 0', 'b 1', 'b 1', 'b 2', 'b 99'] };
    expect(harmOf(figures({}, twice))).toEqual(['1 doubledBroadcasts']);
    expect(harmOf(figures({}, { shown: ['b 1', 'b 0', 'b 2'] }))).toEqual(['1 reordered']);
  });

  it('take both lives of a reloaded page together', () => {
    const before = { ...notes, written: numbers.slice(0, 12).map(writtenAt), shown: ['b 0'] };
    const after = { ...notes, written: numbers.slice(12).map(writtenAt), shown: ['b 0', 'b 1'] };
    const seen = figures({ lives: [before, after], countedTo: 12 });
    expect(harmOf(seen)).toEqual(['1 missed']);
    expect(seen.sendsS).toBe(0.01);
  });

  it('wait for a line that works both ways', () => {
    expect(figures({}, { seenAt: { 'b 1': 20_050 } }).hearsS).toBe(Number.POSITIVE_INFINITY);
    expect(isComplete(figures({}, { seenAt: {} }))).toBe(false);
    expect(
      isComplete(figures({ arrivals: numbers.slice(0, 20).map(arrivedAt), countedTo: 20 })),
    ).toBe(false);
  });

  it('say when the fault was noticed, and when messages flowed again', () => {
    const changes = [
      { at: 0, isUp: true },
      { at: 11_500, isUp: false },
      { at: 21_000, isUp: true },
    ];
    const arrivals = numbers.map((n) => (n < 10 ? arrivedAt(n) : { n, at: 22_000 + n }));
    const seen = figures({ arrivals }, { changes, socketsAt: [0, 11_600, 21_000] });
    // Message 20 is the first that was written after the end; those held up since before prove nothing.
    expect(seen).toMatchObject({ noticedS: 1.5, sendsS: 2.02, hearsS: 0.1, sockets: 2 });
  });
});
