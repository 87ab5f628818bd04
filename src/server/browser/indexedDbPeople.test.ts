import 'fake-indexeddb/auto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createManualTime } from '../../testing/manualTime';
import { nameKeys } from '../chat/people/nameKeys';
import { describePeopleContract } from '../chat/people/peopleContract';
import { type HeartDatabase, openHeartDatabase } from './heartDatabase';
import { createIndexedDbPeople } from './indexedDbPeople';
import { newName } from './testDatabase';

/** A database that is opened at its first use. */
function laterOpened(name = newName()): Pick<HeartDatabase, 'use'> {
  const opening = openHeartDatabase({ name, newEpoch: 'e1' });
  onTestFinished(async () => (await opening).close());
  return { use: async (work) => (await opening).use(work) };
}

describePeopleContract('people in IndexedDB', (options) =>
  createIndexedDbPeople(laterOpened(), { keysOf: nameKeys, ...options }),
);

describe('people in IndexedDB', () => {
  it('are the same for who opens it again', async () => {
    const time = createManualTime();
    const name = newName();
    const first = createIndexedDbPeople(laterOpened(name), { time, keysOf: nameKeys });
    const ann = { id: 'u1', name: 'Ann' };
    await first.names.claim(ann, time.now() + 1_000);
    await first.revocations.revoke('u2', time.now() + 1_000);
    await first.marks.move(ann, 'lobby', 'e1', 7);

    const again = createIndexedDbPeople(laterOpened(name), { time, keysOf: nameKeys });
    expect(await again.names.claim({ id: 'u3', name: 'ann' }, time.now() + 1_000)).toBe(false);
    expect(await again.revocations.isRevoked('u2')).toBe(true);
    expect(await again.marks.seqOf('u1', 'lobby', 'e1')).toBe(7);
  });
});
