import { describe, expect, it } from 'vitest';
import type { ChatMessage } from '../../store/chatStore';
import { firstShown, nextShown, released } from './shownRows';

const range = (from: number, to: number): ChatMessage[] =>
  Array.from({ length: to - from + 1 }, (_, index) => ({
    id: `m${from + index}`,
    seq: from + index,
    author: { id: 'u2', name: 'Bob' },
    mine: false,
    body: '',
    at: 0,
    state: 'sent',
    hasLeft: true,
    failure: undefined,
  }));
const places = (rows: readonly ChatMessage[]) => [rows[0]?.seq, rows.at(-1)?.seq];

describe('the rows that are given to the list', () => {
  it('are all that there are while they grow at the end', () => {
    const shown = nextShown(firstShown(range(11, 20)), range(11, 25));
    expect(places(shown.rows)).toEqual([11, 25]);
    expect(shown.hasGrownAtStart).toBe(false);
  });

  it('grow at the start alone, and at the end only when that is over', () => {
    const grown = nextShown(firstShown(range(11, 20)), range(1, 25));
    expect(places(grown.rows)).toEqual([1, 20]);
    expect(grown.hasGrownAtStart).toBe(true);

    const meanwhile = nextShown(grown, range(1, 30));
    expect(places(meanwhile.rows)).toEqual([1, 20]);
    expect(meanwhile.hasGrownAtStart).toBe(false);

    const over = released(meanwhile, grown.growths);
    expect(places(over.rows)).toEqual([1, 30]);
    expect(over.hasGrownAtStart).toBe(false);
  });

  it('wait for the latest growth, not for one before it', () => {
    const first = nextShown(firstShown(range(21, 30)), range(11, 31));
    const second = nextShown(first, range(1, 32));
    expect(places(second.rows)).toEqual([1, 30]);
    expect(places(released(second, first.growths).rows)).toEqual([1, 30]);
    expect(places(released(second, second.growths).rows)).toEqual([1, 32]);
  });

  it('are another list once the first of them is gone', () => {
    const before = firstShown(range(11, 20));
    const replaced = nextShown(before, range(1, 5));
    expect(replaced.generation).toBe(before.generation + 1);
    expect(places(replaced.rows)).toEqual([1, 5]);
  });
});
