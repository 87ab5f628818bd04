import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatMessage } from '../../store/chatStore';
import { firstOfOthers, indexAt, indexOf, indexUpTo, newBelow, placeAtOrAbove } from './rows';

const message = (fields: Partial<ChatMessage>): ChatMessage => ({
  id: `m${fields.seq}`,
  seq: undefined,
  author: { id: 'u2', name: 'Bob' },
  mine: false,
  body: '',
  at: 0,
  state: 'sent',
  hasLeft: true,
  failure: undefined,
  ...fields,
});
const sent = (...seqs: number[]) => seqs.map((seq) => message({ seq }));
const own = (id: string) => message({ id, mine: true, state: 'queued' });

describe('a row', () => {
  it('is found by its place, as looking at all of them would find it', () => {
    const places = fc
      .uniqueArray(fc.integer({ min: 1, max: 60 }))
      .map((all) => all.sort((a, b) => a - b));
    fc.assert(
      fc.property(places, fc.nat(2), fc.integer({ min: 0, max: 61 }), (seqs, unsent, sought) => {
        const rows = [...sent(...seqs), ...Array.from({ length: unsent }, (_, n) => own(`o${n}`))];
        expect(indexUpTo(rows, sought)).toBe(seqs.findLastIndex((seq) => seq <= sought));
        expect(indexAt(rows, sought)).toBe(seqs.indexOf(sought));
      }),
    );
  });

  it('is found again once it was given a place, or when older ones came above it', () => {
    const waiting = own('x');
    const acked = { ...waiting, seq: 9, state: 'sent' } as const;
    expect(indexOf([...sent(7, 8), acked], waiting)).toBe(2);
    expect(indexOf([...sent(5, 6, 7)], message({ seq: 7 }))).toBe(2);
    expect(indexOf(sent(5, 6), message({ seq: 7 }))).toBe(-1);
  });

  it('of one client is not taken for that of another with the same id', () => {
    const other = message({ seq: 1, id: 'x', author: { id: 'u3', name: 'Eve' } });
    expect(indexOf([other], message({ seq: 1, id: 'x' }))).toBe(-1);
  });
});

describe('what is new', () => {
  it('is what others have said below what is known', () => {
    const rows = [...sent(1, 2, 3), message({ seq: 4, mine: true }), ...sent(5), own('x')];
    expect(newBelow(rows, rows[1])).toBe(2);
    expect(newBelow(rows, rows[4])).toBe(0);
    expect(newBelow(sent(1, 2), undefined)).toBe(2);
  });

  it('is nothing when what was known is gone, as the log was replaced', () => {
    expect(newBelow(sent(1, 2), message({ seq: 50 }))).toBe(0);
  });

  it('begins at the first of another’s after the place that was read, and ends where it is told', () => {
    const rows = [...sent(1, 3), message({ seq: 4, mine: true }), ...sent(6, 8)];
    expect(firstOfOthers(rows, 3, 8)).toBe(3);
    expect(firstOfOthers(rows, 0, 8)).toBe(0);
    expect(firstOfOthers(rows, 3, 5)).toBe(-1);
    expect(firstOfOthers(rows, 8, 8)).toBe(-1);
  });
});

describe('how far was read', () => {
  it('is the place of the last row on screen that has one', () => {
    const rows = [...sent(4, 5), own('x'), own('y')];
    expect([3, 2, 1, 0, 99].map((index) => placeAtOrAbove(rows, index))).toEqual([5, 5, 5, 4, 5]);
    expect(placeAtOrAbove([own('x')], 0)).toBeUndefined();
  });
});
