import { expect, it } from 'vitest';
import { RecentIds } from './recentIds';

it('what has ended is remembered for its time, from when it was said last', () => {
  const ended = new RecentIds(100, 10);
  ended.add('a', 0);
  ended.add('b', 0);
  ended.add('a', 50);
  expect([ended.has('a', 99), ended.has('b', 99), ended.has('c', 99)]).toEqual([true, true, false]);
  expect([ended.has('a', 149), ended.has('b', 100), ended.has('a', 150)]).toEqual([
    true,
    false,
    false,
  ]);
});

it('of more than may be the oldest is forgotten', () => {
  const ended = new RecentIds(100, 2);
  for (const id of ['a', 'b', 'c']) ended.add(id, 0);
  expect(['a', 'b', 'c'].map((id) => ended.has(id, 1))).toEqual([false, true, true]);
});
