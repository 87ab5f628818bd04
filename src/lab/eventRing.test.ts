import { describe, expect, it, vi } from 'vitest';
import { createEventRing } from './eventRing';

const frame = (text: string) =>
  ({ kind: 'frame', direction: 'in', text, bytes: text.length, fate: undefined }) as const;
const limits = { events: 3, bytes: 10_000, textBytes: 50 };

describe('the ring of events', () => {
  it('numbers what happens, and dates it', () => {
    let now = 7;
    const ring = createEventRing(() => now, limits);
    ring.record(frame('a'));
    now = 9;
    ring.record(frame('b'));
    expect([ring.firstNumber, ring.nextNumber]).toEqual([0, 2]);
    expect(ring.at(0)).toMatchObject({ number: 0, at: 7, text: 'a' });
    expect(ring.at(1)).toMatchObject({ number: 1, at: 9, text: 'b' });
    expect([ring.at(-1), ring.at(2)]).toEqual([undefined, undefined]);
  });

  it('drops the oldest when there are too many', () => {
    const ring = createEventRing(() => 0, limits);
    for (const text of 'abcde') ring.record(frame(text));
    expect([ring.firstNumber, ring.nextNumber]).toEqual([2, 5]);
    expect(ring.at(1)).toBeUndefined();
    expect(ring.at(2)).toMatchObject({ text: 'c' });
    expect(ring.at(4)).toMatchObject({ text: 'e' });
  });

  it('drops the oldest when they are too large together, and never the latest', () => {
    const ring = createEventRing(() => 0, { events: 100, bytes: 1_000, textBytes: 900 });
    for (let count = 0; count < 50; count += 1) ring.record(frame('x'.repeat(300)));
    expect(ring.nextNumber - ring.firstNumber).toBe(2);
    ring.record(frame('y'.repeat(900)));
    expect(ring.nextNumber - ring.firstNumber).toBe(1);
    expect(ring.at(50)).toMatchObject({ bytes: 900 });
  });

  it('counts a text that is too long, without keeping it', () => {
    const ring = createEventRing(() => 0, limits);
    ring.record(frame('x'.repeat(51)));
    expect(ring.at(0)).toMatchObject({ bytes: 51, text: undefined });
  });

  it('tells who listens, until they have heard enough', () => {
    const ring = createEventRing(() => 0, limits);
    const heard = vi.fn();
    const unlisten = ring.listen(heard);
    ring.record(frame('a'));
    unlisten();
    ring.record(frame('b'));
    expect(heard.mock.calls).toEqual([[expect.objectContaining({ number: 0, text: 'a' })]]);
  });
});
