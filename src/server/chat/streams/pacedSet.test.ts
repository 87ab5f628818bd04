import { expect, it } from 'vitest';
import { createManualTime } from '../../../testing/manualTime';
import { createPacedSet } from './pacedSet';

function createWorld() {
  const time = createManualTime();
  const done: string[] = [];
  return { time, done, set: createPacedSet<string>(time, 40, (item) => done.push(item)) };
}

it('what comes after a rest is done at once, what follows when the rest is over, each once', () => {
  const { time, done, set } = createWorld();
  set.add('a');
  expect(done).toEqual(['a']);
  for (const item of ['b', 'c', 'b']) set.add(item);
  time.advance(39);
  expect(done).toEqual(['a']);
  time.advance(1);
  expect(done).toEqual(['a', 'b', 'c']);
  set.add('d');
  expect(done).toHaveLength(3);
  time.advance(80);
  set.add('e');
  expect(done).toEqual(['a', 'b', 'c', 'd', 'e']);
});

it('nothing is done and no timer left after the end', () => {
  const { time, done, set } = createWorld();
  set.add('a');
  set.add('b');
  set.clear();
  time.advance(100);
  expect(done).toEqual(['a']);
  expect(time.armed).toBe(0);
});
