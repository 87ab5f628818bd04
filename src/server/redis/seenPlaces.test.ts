import { describe, expect, it } from 'vitest';
import { createSeenPlaces } from './seenPlaces';

const place = (epoch: string, seq: number) => ({ epoch, seq, mid: `${epoch}-${seq}` });

describe('the furthest place that was seen of a room', () => {
  it('is none at first', () => {
    expect(createSeenPlaces(9).of('tea')).toEqual({ epoch: '', seq: 0, mid: '' });
  });

  it('never goes back within an epoch', () => {
    const places = createSeenPlaces(9);
    for (const seq of [3, 5, 4]) places.learn('tea', place('a', seq));
    expect(places.of('tea')).toEqual(place('a', 5));
    for (const seq of [4, 7, 6]) places.hear('tea', place('a', seq));
    expect(places.of('tea')).toEqual(place('a', 7));
  });

  it('is of the epoch that the log itself has said last', () => {
    const places = createSeenPlaces(9);
    places.hear('tea', place('a', 5));
    places.hear('tea', place('b', 9));
    expect(places.of('tea')).toEqual(place('a', 5));
    places.learn('tea', place('b', 2));
    expect(places.of('tea')).toEqual(place('b', 2));
    places.hear('tea', place('a', 6));
    expect(places.of('tea')).toEqual(place('b', 2));
  });

  it('is kept for the rooms used last', () => {
    const places = createSeenPlaces(2);
    places.learn('a', place('e', 1));
    places.learn('b', place('e', 1));
    places.learn('a', place('e', 1));
    places.learn('c', place('e', 1));
    expect(['a', 'b', 'c'].map((room) => places.of(room).seq)).toEqual([1, 0, 1]);
  });

  it('is kept for the rooms that are held, however many others are used', () => {
    const places = createSeenPlaces(2);
    const useOthers = () => {
      for (const room of ['a', 'b', 'c']) places.learn(room, place('e', 1));
    };
    places.hold('tea');
    useOthers();
    places.hear('tea', place('e', 3));
    places.learn('cake', place('e', 4));
    places.hold('cake');
    useOthers();
    places.hold('cake');
    expect(['tea', 'cake'].map((room) => places.of(room).seq)).toEqual([3, 4]);
    places.hear('tea', place('e', 2));
    places.learn('tea', place('e', 5));
    expect(places.of('tea')).toEqual(place('e', 5));
    for (const room of ['tea', 'cake', 'none']) places.release(room);
    expect(['b', 'c', 'tea', 'cake'].map((room) => places.of(room).seq)).toEqual([0, 0, 5, 4]);
    useOthers();
    expect(['tea', 'cake'].map((room) => places.of(room).seq)).toEqual([0, 0]);
  });
});
