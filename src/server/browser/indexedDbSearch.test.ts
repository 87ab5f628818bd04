import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { MessageLog } from '../log/log';
import { describeSearchContract } from '../log/searchContract';
import { openHeartDatabase } from './heartDatabase';
import { createIndexedDbLog } from './indexedDbLog';
import { createIndexedDbSearch } from './indexedDbSearch';
import { newName } from './testDatabase';

async function open(name = newName()) {
  const database = await openHeartDatabase({ name, newEpoch: 'e1' });
  const log = createIndexedDbLog(database);
  const before = vi.fn<MessageLog['before']>(log.before);
  return { log, before, search: createIndexedDbSearch(database, { before }) };
}

async function fill(log: MessageLog, bodies: readonly string[]) {
  onTestFinished(() => log.close());
  const from = { id: 'ann', name: 'Ann' };
  await Promise.all(
    bodies.map((body, index) =>
      log.append({ room: 'lobby', from, id: `i${index}`, mid: `m${index}`, body, at: index }),
    ),
  );
}

describeSearchContract('the search in IndexedDB', open);

describe('the search in IndexedDB', () => {
  it('finds a rare word without looking through the room', async () => {
    const { log, before, search } = await open();
    await fill(log, [...Array(30).fill('common words'), 'a rare one', 'common again']);
    expect((await search.search('lobby', 'rare', 1_000, 20)).seqs).toEqual([31]);
    expect((await search.search('lobby', 'common rare', 1_000, 20)).seqs).toEqual([]);
    expect(before).not.toHaveBeenCalled();
  });

  it('finds common words by looking through the room, and has soon enough of them', async () => {
    const { log, before, search } = await open();
    await fill(log, Array(2_100).fill('common words'));
    const found = await search.search('lobby', 'common', 1_000_000, 20);
    expect(found).toEqual({ seqs: Array.from({ length: 20 }, (_, i) => 2_100 - i), more: true });
    expect(before).toHaveBeenCalledOnce();
  });

  it('finds what was said before there was an index, whatever else is there', async () => {
    const name = newName();
    const older = await openDB(name, 1, {
      upgrade(database) {
        database.createObjectStore('meta').put('e1', 'epoch');
        const messages = database.createObjectStore('messages', { keyPath: ['room', 'seq'] });
        messages.createIndex('byId', ['id', 'from.id'], { unique: true });
      },
    });
    const from = { id: 'ann', name: 'Ann' };
    for (const [index, body] of ['hello there', undefined, 'hello again'].entries()) {
      const row = { room: 'lobby', seq: index + 1, texts: index + 1, id: `i${index}`, at: 1 };
      await older.put('messages', { ...row, mid: `m${index}`, from, body });
    }
    older.close();

    const { log, search } = await open(name);
    onTestFinished(() => log.close());
    expect((await search.search('lobby', 'hello', 1_000, 20)).seqs).toEqual([3, 1]);
    expect(await log.head('lobby')).toMatchObject({ seq: 3, epoch: 'e1' });
  });
});
