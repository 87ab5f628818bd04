import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LoggedMessage } from '../protocol/message';
import {
  append,
  emptyTimeline,
  hasGap,
  hasOlder,
  positionOf,
  prepend,
  startFrom,
  type Timeline,
} from './timeline';

const ann = { id: 'u1', name: 'Ann' };
const message = (seq: number): LoggedMessage => ({
  seq,
  mid: `m${seq}`,
  id: `c${seq}`,
  from: ann,
  body: `number ${seq}`,
  at: seq,
});
const range = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => message(from + index));
const page = (from: number, to: number, epoch = 'e1') => ({ epoch, messages: range(from, to) });
const seqs = ({ messages }: Timeline) => messages.map(({ seq }) => seq);
const read = (from: number, to: number) => startFrom(emptyTimeline, page(from, to));

describe('a timeline', () => {
  it('stands nowhere before the first page, and at 0 in an empty room', () => {
    expect(positionOf(emptyTimeline)).toBeUndefined();
    expect(positionOf(read(1, 0))).toEqual({ epoch: 'e1', seq: 0, mid: '' });
    expect(positionOf(read(5, 7))).toEqual({ epoch: 'e1', seq: 7, mid: 'm7' });
  });

  it('appends what comes next, and drops what it has', () => {
    const timeline = append(read(5, 7), [message(8), message(6), message(8)]);
    expect(seqs(timeline)).toEqual([5, 6, 7, 8]);
  });

  it('stays the same object when nothing changes', () => {
    const timeline = read(5, 7);
    expect(append(timeline, [message(6)])).toBe(timeline);
    expect(prepend(timeline, page(1, 2))).toBe(timeline);
  });

  it('holds back what comes after a hole until the hole is filled', () => {
    const waiting = append(read(5, 7), [message(10), message(9)]);
    expect(seqs(waiting)).toEqual([5, 6, 7]);
    expect(hasGap(waiting)).toBe(true);
    const filled = append(waiting, [message(8)]);
    expect(seqs(filled)).toEqual([5, 6, 7, 8, 9, 10]);
    expect(hasGap(filled)).toBe(false);
  });

  it('holds live messages back that come before its first page', () => {
    const early = append(emptyTimeline, [message(8), message(9)]);
    expect(seqs(early)).toEqual([]);
    expect(seqs(startFrom(early, page(5, 7)))).toEqual([5, 6, 7, 8, 9]);
  });

  it('starts anew when the log has changed, and forgets what it held of the old one', () => {
    const held = append(read(5, 7), [message(9)]);
    const fresh = startFrom(held, page(1, 2, 'e2'));
    expect(seqs(fresh)).toEqual([1, 2]);
    expect(hasGap(fresh)).toBe(false);
    expect(positionOf(fresh)?.epoch).toBe('e2');
  });

  it('takes older pages in front, if they join on', () => {
    const timeline = read(5, 7);
    expect(hasOlder(timeline)).toBe(true);
    expect(seqs(prepend(timeline, page(1, 4)))).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(hasOlder(prepend(timeline, page(1, 4)))).toBe(false);
    expect(seqs(prepend(timeline, page(1, 5)))).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(prepend(timeline, page(1, 4, 'e2'))).toBe(timeline);
  });

  it('ends with every message once and in order, however they came', () => {
    const batches = fc.array(fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 8 }), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(batches, fc.integer({ min: 0, max: 30 }), (arrivals, first) => {
        let timeline = append(emptyTimeline, range(25, 28));
        timeline = startFrom(timeline, page(1, first));
        for (const batch of arrivals) {
          timeline = append(timeline, batch.map(message));
          const shown = seqs(timeline);
          expect(shown).toEqual(shown.map((_, index) => index + 1));
        }
        const whole = append(timeline, range(1, 30));
        expect(seqs(whole)).toEqual(seqs(read(1, 30)));
        expect(hasGap(whole)).toBe(false);
      }),
    );
  });
});
