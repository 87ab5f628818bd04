import { describe, expect, it } from 'vitest';
import { WantedEntries } from './wantedEntries';

function entries(...ids: string[]) {
  const wanted = new WantedEntries<string>();
  for (const id of ids) wanted.set(id, id.toUpperCase());
  return wanted;
}

describe('what is to be written', () => {
  it('is what has changed since it was last asked', () => {
    const wanted = entries('a', 'b');
    expect(wanted.take(10)).toEqual({
      set: [
        ['a', 'A'],
        ['b', 'B'],
      ],
      removed: [],
    });
    expect(wanted.take(10)).toBeUndefined();
    wanted.remove('a');
    expect(wanted.hasChanges).toBe(true);
    expect(wanted.take(10)).toEqual({ set: [], removed: ['a'] });
    expect(wanted.hasChanges).toBe(false);
    expect(wanted.size).toBe(1);
  });

  it('is how it ended, however often it changed', () => {
    const wanted = entries('a');
    wanted.take(10);
    for (let turn = 0; turn < 100; turn += 1) {
      wanted.remove('a');
      wanted.set('a', `A${turn}`);
    }
    expect(wanted.take(10)).toEqual({ set: [['a', 'A99']], removed: [] });
  });

  it('takes nothing away that was never there', () => {
    const wanted = entries();
    wanted.remove('a');
    expect(wanted.take(10)).toBeUndefined();
  });

  it('is handed out in parts', () => {
    const wanted = entries('a', 'b', 'c');
    expect(wanted.take(2)?.set.map(([id]) => id)).toEqual(['a', 'b']);
    expect(wanted.take(2)?.set.map(([id]) => id)).toEqual(['c']);
  });

  it('is to be written again if that failed, as it is by then', () => {
    const wanted = entries('a', 'b');
    const changes = wanted.take(10);
    wanted.remove('a');
    if (changes) wanted.putBack(changes);
    expect(wanted.take(10)).toEqual({ set: [['b', 'B']], removed: ['a'] });
  });

  it('is all that is there, and no more, when nothing of it stands anywhere', () => {
    const wanted = entries('a', 'b');
    wanted.take(10);
    wanted.remove('b');
    wanted.writeAnew();
    expect(wanted.take(10)).toEqual({ set: [['a', 'A']], removed: [] });
  });

  it('can all be taken away', () => {
    const wanted = entries('a', 'b');
    wanted.take(10);
    wanted.removeAll();
    expect(wanted.take(10)).toEqual({ set: [], removed: ['a', 'b'] });
    expect(wanted.size).toBe(0);
  });
});
