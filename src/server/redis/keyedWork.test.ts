import { describe, expect, it } from 'vitest';
import { settle } from '../../testing/settle';
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
      await settle();
    },
    failWith(error: Error) {
      failure = error;
    },
  };
}

describe('work that is asked for by key', () => {
  it('is done once for all who ask in one go', async () => {
    const { work, begun } = opened();
    work.ask('a');
    work.ask('a');
    expect(begun).toEqual([]);
    await settle();
    expect(begun).toEqual(['a']);
  });

  it('is done again if it was asked for while it was done, and never twice at a time', async () => {
    const { work, begun, endFirst } = opened();
    work.ask('a');
    await settle();
    work.ask('a');
    work.ask('a');
    await settle();
    expect(begun).toEqual(['a']);
    await endFirst();
    expect(begun).toEqual(['a', 'a']);
    await endFirst();
    expect(begun).toEqual(['a', 'a']);
  });

  it('is done for so many keys at once, and for the others in their turn', async () => {
    const { work, begun, endFirst } = opened(2);
    for (const key of ['a', 'b', 'c', 'd']) work.ask(key);
    await settle();
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
    await settle();
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
    await settle();
    await endFirst();
    expect(isSettled).toBe(false);
    await endFirst();
    expect(isSettled).toBe(true);
  });

  it('that has not begun may be forgotten', async () => {
    const { work, begun, endFirst } = opened(1);
    work.ask('a');
    work.ask('b');
    await settle();
    work.clear();
    await endFirst();
    expect(begun).toEqual(['a']);
    await work.settled();
  });
});
