import { describe, expect, it } from 'vitest';
import { createKeyedWork } from './keyedWork';

/** Work whose end is in the test's hands. */
function opened(maxAtOnce = 2) {
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const errors: unknown[] = [];
  let failure: Error | undefined;
  const work = createKeyedWork({
    maxAtOnce,
    async work(key) {
      begun.push(key);
      await new Promise<void>((resolve) => ends.push(resolve));
      if (failure) throw failure;
    },
    onError: (error) => errors.push(error),
  });
  return {
    work,
    begun,
    errors,
    endFirst: async () => {
      ends.shift()?.();
      await turn();
    },
    failWith(error: Error) {
      failure = error;
    },
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('work that is asked for by key', () => {
  it('is done once for all who ask in one go', async () => {
    const { work, begun } = opened();
    work.ask('a');
    work.ask('a');
    expect(begun).toEqual([]);
    await turn();
    expect(begun).toEqual(['a']);
  });

  it('is done again if it was asked for while it was done, and never twice at a time', async () => {
    const { work, begun, endFirst } = opened();
    work.ask('a');
    await turn();
    work.ask('a');
    work.ask('a');
    await turn();
    expect(begun).toEqual(['a']);
    await endFirst();
    expect(begun).toEqual(['a', 'a']);
    await endFirst();
    expect(begun).toEqual(['a', 'a']);
  });

  it('is done for so many keys at once, and for the others in their turn', async () => {
    const { work, begun, endFirst } = opened(2);
    for (const key of ['a', 'b', 'c', 'd']) work.ask(key);
    await turn();
    expect(begun).toEqual(['a', 'b']);
    await endFirst();
    expect(begun).toEqual(['a', 'b', 'c']);
    await endFirst();
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
  });

  it('goes on when some of it fails, and tells', async () => {
    const { work, begun, endFirst, errors, failWith } = opened(1);
    failWith(new Error('no'));
    work.ask('a');
    work.ask('b');
    await turn();
    await endFirst();
    expect(errors).toEqual([new Error('no')]);
    expect(begun).toEqual(['a', 'b']);
  });

  it('is settled when nothing is left to do, and that is at once where nothing was', async () => {
    const { work, endFirst } = opened(1);
    await work.settled();
    work.ask('a');
    work.ask('b');
    let isSettled = false;
    void work.settled().then(() => {
      isSettled = true;
    });
    await turn();
    await endFirst();
    expect(isSettled).toBe(false);
    await endFirst();
    expect(isSettled).toBe(true);
  });

  it('that has not begun may be forgotten', async () => {
    const { work, begun, endFirst } = opened(1);
    work.ask('a');
    work.ask('b');
    await turn();
    work.clear();
    await endFirst();
    expect(begun).toEqual(['a']);
    await work.settled();
  });
});
