import 'fake-indexeddb/auto';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { draftOf } from '../log/draftOf';
import { LogUnavailableError } from '../log/log';
import { describeDurability, describeLogContract } from '../log/logContract';
import { openHeartDatabase } from './heartDatabase';
import { createIndexedDbLog } from './indexedDbLog';
import { newName } from './testDatabase';

const open = async (name = newName()) =>
  createIndexedDbLog(await openHeartDatabase({ name, newEpoch: `epoch-of-${name}` }));

describeLogContract('the log in IndexedDB', open);

describeDurability('the log in IndexedDB', async () => {
  const name = newName();
  return { log: await open(name), reopen: () => open(name) };
});

describe('the log in IndexedDB', () => {
  it('finds what two hearts write at once in one order, and each message once', async () => {
    const name = newName();
    const [one, other] = [await open(name), await open(name)];
    onTestFinished(() => Promise.all([one.close(), other.close()]).then(() => {}));
    const drafts = Array.from({ length: 60 }, (_, index) => draftOf({ id: `twice-${index}` }));
    const answers = await Promise.all(drafts.flatMap((d) => [one.append(d), other.append(d)]));
    const { messages } = await one.after('tea', 0, { messages: 100, length: 1_000_000 });
    expect(messages.map(({ seq }) => seq)).toEqual(drafts.map((_, index) => index + 1));
    expect(new Set(messages.map(({ id }) => id)).size).toBe(60);
    expect(answers.filter(({ dup }) => dup)).toHaveLength(60);
  });

  it('says that the browser has no room left, stores nothing of the batch, and goes on', async () => {
    const outcomes: string[] = [];
    const database = await openHeartDatabase({ name: newName(), newEpoch: 'e1' });
    const log = createIndexedDbLog(database, { onStored: (outcome) => outcomes.push(outcome) });
    onTestFinished(() => log.close());
    await log.append(draftOf());

    let puts = 0;
    const full = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      puts += 1;
      throw new DOMException('no room', 'QuotaExceededError');
    });
    const refused = [log.append(draftOf({ id: 'x' })), log.append(draftOf())];
    for (const call of refused) await expect(call).rejects.toBeInstanceOf(LogUnavailableError);
    expect(puts).toBe(1);
    full.mockRestore();

    expect(await log.head('tea')).toMatchObject({ seq: 1 });
    expect(await log.append(draftOf({ id: 'x' }))).toMatchObject({ seq: 2, dup: false });
    expect(outcomes).toEqual(['stored', 'full', 'stored']);
  });
});
