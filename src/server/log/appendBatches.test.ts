import { describe, expect, it } from 'vitest';
import { type BatchAnswer, createAppendBatches } from './appendBatches';
import { draftOf } from './draftOf';
import { type Draft, LogUnavailableError } from './log';

/** Batches whose store answers when the test says so. */
function createWorld() {
  const stored: Draft[][] = [];
  const answers: ((answer: 'stored' | 'away' | 'second away' | 'each away') => void)[] = [];
  const batches = createAppendBatches({
    appendAll: (drafts) =>
      new Promise<BatchAnswer[]>((resolve, reject) => {
        stored.push([...drafts]);
        answers.push((answer) => {
          if (answer === 'away') return reject(new LogUnavailableError('away'));
          resolve(
            drafts.map(({ room, mid, at }, index): BatchAnswer => {
              if (answer === 'each away' || (answer === 'second away' && index === 1)) {
                return { failure: new LogUnavailableError('away') };
              }
              return { epoch: 'e', room, seq: index + 1, mid, at, dup: false };
            }),
          );
        });
      }),
  });
  const outcomes: string[] = [];
  const append = (id: string, fields: Partial<Draft> = {}) => {
    const draft = draftOf({ ...fields, id });
    batches.append(draft).then(
      () => outcomes.push(`${id} stored`),
      () => outcomes.push(`${id} refused`),
    );
  };
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    append,
    outcomes,
    batchIds: () => stored.map((drafts) => drafts.map(({ id }) => id)),
    async answer(how: Parameters<(typeof answers)[number]>[0]) {
      answers.shift()?.(how);
      await settle();
    },
    settle,
  };
}

const ann = { id: 'ann', name: 'Ann' };
const bob = { id: 'bob', name: 'Bob' };

describe('messages that wait for a batch', () => {
  it('leave together when it is answered', async () => {
    const { append, settle, answer, batchIds, outcomes } = createWorld();
    append('1');
    await settle();
    append('2');
    append('3');
    await answer('stored');
    await answer('stored');
    expect(batchIds()).toEqual([['1'], ['2', '3']]);
    expect(outcomes).toEqual(['1 stored', '2 stored', '3 stored']);
  });

  it('fail with it where the same author wrote in the same room: their order would be lost', async () => {
    const { append, settle, answer, batchIds, outcomes } = createWorld();
    append('1', { from: ann, room: 'tea' });
    await settle();
    append('2', { from: ann, room: 'tea' });
    append('3', { from: bob, room: 'tea' });
    append('4', { from: ann, room: 'attic' });
    await answer('away');
    expect(outcomes).toEqual(['1 refused', '2 refused']);
    await answer('stored');
    expect(batchIds()).toEqual([['1'], ['3', '4']]);
    expect(outcomes).toEqual(['1 refused', '2 refused', '3 stored', '4 stored']);
  });

  it('fail in the order of writing where each of the batch failed by itself', async () => {
    const { append, settle, answer, outcomes } = createWorld();
    append('1', { from: ann });
    append('2', { from: ann });
    await settle();
    append('3', { from: ann });
    await answer('each away');
    expect(outcomes).toEqual(['1 refused', '2 refused', '3 refused']);
  });

  it('fail with one of it that failed by itself', async () => {
    const { append, settle, answer, outcomes } = createWorld();
    append('1', { from: ann });
    append('2', { from: bob });
    await settle();
    append('3', { from: ann });
    append('4', { from: bob });
    await answer('second away');
    expect(outcomes).toEqual(['1 stored', '2 refused', '4 refused']);
    await answer('stored');
    expect(outcomes.at(-1)).toBe('3 stored');
  });
});
