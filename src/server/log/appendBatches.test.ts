import { describe, expect, it } from 'vitest';
import { type BatchAnswer, createAppendBatches } from './appendBatches';
import type { Appended, Draft } from './log';

const draftOf = (id: string, room = 'tea'): Draft => ({
  ...{ room, id, mid: id, body: id, at: 1 },
  from: { id: 'u1', name: 'Ann' },
});
const storedAs = ({ room, mid, at }: Draft): Appended => ({
  ...{ epoch: 'e1', room, seq: 1, mid, at, dup: false },
});

/** A store whose batches a test answers; the first gets `a` alone, and the others gather behind it. */
async function createWorld(...behind: Draft[]) {
  const batches: { ids: string[]; answer(answers: BatchAnswer[]): void; fail(why: Error): void }[] =
    [];
  const { append } = createAppendBatches({
    appendAll: (drafts) =>
      new Promise((resolve, reject) => {
        batches.push({ ids: drafts.map(({ id }) => id), answer: resolve, fail: reject });
      }),
  });
  const outcomes: string[] = [];
  const send = (draft: Draft) =>
    void append(draft).then(
      () => outcomes.push(`${draft.id} stored`),
      (error: Error) => outcomes.push(`${draft.id} ${error.message}`),
    );
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  send(draftOf('a'));
  await settle();
  for (const draft of behind) send(draft);
  await settle();
  return { batches, outcomes, send, settle };
}

describe('messages that gather behind a batch', () => {
  it('leave together once it is answered', async () => {
    const { batches, outcomes, settle } = await createWorld(draftOf('b'), draftOf('c'));
    expect(batches.map(({ ids }) => ids)).toEqual([['a']]);
    batches[0]?.answer([storedAs(draftOf('a'))]);
    await settle();
    expect(outcomes).toEqual(['a stored']);
    expect(batches[1]?.ids).toEqual(['b', 'c']);
  });

  it('are refused with it where it cannot be stored: none overtakes', async () => {
    const { batches, outcomes, send, settle } = await createWorld(draftOf('b'), draftOf('c'));
    batches[0]?.fail(new Error('away'));
    await settle();
    expect(outcomes).toEqual(['a away', 'b away', 'c away']);
    expect(batches).toHaveLength(1);
    send(draftOf('a'));
    await settle();
    expect(batches[1]?.ids).toEqual(['a']);
  });

  it('are refused with what failed of it in their room, and leave where nothing did', async () => {
    const { batches, outcomes, settle } = await createWorld(draftOf('b'), draftOf('c', 'coffee'));
    batches[0]?.answer([{ failure: new Error('away') }]);
    await settle();
    expect(outcomes).toEqual(['a away', 'b away']);
    expect(batches[1]?.ids).toEqual(['c']);
  });
});
