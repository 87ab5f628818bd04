import { describe, expect, it } from 'vitest';
import { settle } from '../../../testing/settle';
import type { BlobStore } from '../../blobs/blobs';
import { type Draft, LogUnavailableError } from '../../log/log';
import { createMemoryLog } from '../../log/memoryLog';
import { holdFiles } from './holdFiles';
import { createFilesChat } from './testUploads';

const ann = { id: 'u1', name: 'Ann' };
const bob = { id: 'u2', name: 'Bob' };
const draft = (id: string, fields: Partial<Draft> = {}): Draft => ({
  ...{ room: 'tea', from: ann, id, mid: `m-${id}`, body: id, at: 1 },
  ...fields,
});
const file = { sha256: 'a'.repeat(64), name: 'notes.bin', type: 'text/plain', size: 3 };

/** A log and a storage of files that answer when the test has them do so. */
function setUp() {
  const log = createMemoryLog('epoch-1');
  const { blobs } = createFilesChat();
  let failAppend: ((why: Error) => void) | undefined;
  let isHeldUp = false;
  let answerHold: Parameters<ConstructorParameters<typeof Promise<boolean>>[0]> | undefined;
  const slow: BlobStore = {
    ...blobs,
    hold: () => new Promise((...answers) => (answerHold = answers)),
    keep: async () => {},
    release: async () => {},
  };
  const holding = holdFiles(
    {
      ...log,
      append: (each) =>
        isHeldUp ? new Promise((_, reject) => (failAppend = reject)) : log.append(each),
    },
    { blobs: async () => slow },
    (error) => expect.fail(String(error)),
  );
  return {
    holding,
    holdUp(next: boolean) {
      isHeldUp = next;
    },
    failAppend: () => failAppend?.(new LogUnavailableError('the log is away')),
    hold: () => answerHold?.[0](true),
    failHold: () => answerHold?.[1](new LogUnavailableError('files are away')),
    async stored() {
      const { messages } = await log.after('tea', 0, { messages: 100, length: 100_000 });
      return messages.map(({ body }) => body);
    },
  };
}

/** What has become of each, once it is known. */
function outcomesOf(appending: Record<string, Promise<unknown>>) {
  const outcomes: Record<string, string> = {};
  for (const [name, asked] of Object.entries(appending)) {
    asked.then(
      () => Object.assign(outcomes, { [name]: 'stored' }),
      (why) => Object.assign(outcomes, { [name]: why instanceof LogUnavailableError && 'away' }),
    );
  }
  return outcomes;
}

describe('what waits for a file of the same author', () => {
  it('is not stored when what was written before it was not', async () => {
    const world = setUp();
    world.holdUp(true);
    const one = world.holding.append(draft('one'));
    const two = world.holding.append(draft('two', { file }));
    const three = world.holding.append(draft('three'));
    const outcomes = outcomesOf({ one, two, three });
    await settle();
    world.failAppend();
    world.holdUp(false);
    await settle();
    world.hold();
    await settle();
    expect(outcomes).toEqual({ one: 'away', two: 'away', three: 'away' });
    expect(await world.stored()).toEqual([]);
  });

  it('is not stored when the file could not be held', async () => {
    const world = setUp();
    const outcomes = outcomesOf({
      two: world.holding.append(draft('two', { file })),
      three: world.holding.append(draft('three')),
    });
    await settle();
    world.failHold();
    await settle();
    expect(outcomes).toEqual({ two: 'away', three: 'away' });
    expect(await world.stored()).toEqual([]);
  });

  it('comes behind it, when all are there, and after a failure of before', async () => {
    const world = setUp();
    world.holdUp(true);
    const lost = world.holding.append(draft('lost'));
    await settle();
    world.failAppend();
    await expect(lost).rejects.toThrow('away');
    world.holdUp(false);
    const outcomes = outcomesOf({
      two: world.holding.append(draft('two', { file })),
      three: world.holding.append(draft('three')),
    });
    await settle();
    expect(outcomes).toEqual({});
    world.hold();
    await settle();
    expect(outcomes).toEqual({ two: 'stored', three: 'stored' });
    expect(await world.stored()).toEqual(['two', 'three']);
  });

  it('is another author’s no matter', async () => {
    const world = setUp();
    const two = world.holding.append(draft('two', { file }));
    const outcomes = outcomesOf({ two });
    world.holdUp(true);
    const others = world.holding.append(draft('other', { from: bob }));
    await settle();
    world.failAppend();
    await expect(others).rejects.toThrow('away');
    world.holdUp(false);
    world.hold();
    await settle();
    expect(outcomes).toEqual({ two: 'stored' });
  });
});
