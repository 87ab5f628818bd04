/** What is known of people (whose a name is, who has signed out, how far who has read), in IndexedDB. */
import type { IDBPObjectStore } from 'idb';
import * as v from 'valibot';
import type { Time } from '../../connection/ports';
import type { NameKeys } from '../chat/people/nameText';
import type { People, ReadMark } from '../chat/ports';
import type { HeartDatabase, HeartSchema } from './heartDatabase';

export interface IndexedDbPeopleOptions {
  /** `now()` is ms since 1970. */
  time: Pick<Time, 'now'>;
  /** What names are compared by. */
  keysOf(name: string): NameKeys | Promise<NameKeys>;
  /** How many names may be kept. */
  maxNames?: number;
  /** How many marks of what was read may be kept. */
  maxMarks?: number;
}

const nameRow = v.object({ key: v.string(), userId: v.string(), untilMs: v.number() });
const revocationRow = v.object({ userId: v.string(), untilMs: v.number() });
const markRow = v.object({
  epoch: v.string(),
  user: v.object({ id: v.string(), name: v.string(), tag: v.optional(v.string()) }),
  seq: v.number(),
});

/** A name and a sign-out survive a power cut, where the browser can promise that. */
const durable: IDBTransactionOptions = { durability: 'strict' };

export function createIndexedDbPeople(
  database: Pick<HeartDatabase, 'use'>,
  { time, keysOf, maxNames = 100_000, maxMarks = 100_000 }: IndexedDbPeopleOptions,
): People {
  return {
    names: {
      async claim({ id: userId, name }, untilMs) {
        // A transaction waits for nothing but itself.
        const keys = await keysOf(name);
        return database.use(async (opened) => {
          const transaction = opened.transaction('names', 'readwrite', durable);
          const { store } = transaction;
          const found = await Promise.all(keys.map((key) => store.get(key)));
          const holds = found.map((row) => {
            const hold = v.parse(v.optional(nameRow), row);
            return hold && hold.untilMs > time.now() ? hold : undefined;
          });
          if (holds.some((hold) => hold && hold.userId !== userId)) return false;
          if (!holds.some(Boolean)) {
            const mostRows = keys.length * maxNames;
            if ((await store.count()) >= mostRows) await sweep(store, time.now());
            if ((await store.count()) >= mostRows) return false;
          }
          const puts = keys.map((key, index) =>
            store.put({ key, userId, untilMs: Math.max(untilMs, holds[index]?.untilMs ?? 0) }),
          );
          await Promise.all([...puts, transaction.done]);
          return true;
        });
      },
      release: (userId) =>
        database.use(async (opened) => {
          const transaction = opened.transaction('names', 'readwrite', durable);
          const { store } = transaction;
          const keys = await store.index('byUser').getAllKeys(userId);
          await Promise.all([...keys.map((key) => store.delete(key)), transaction.done]);
        }),
    },
    revocations: {
      revoke: (userId, untilMs) =>
        database.use(async (opened) => {
          const transaction = opened.transaction('revocations', 'readwrite', durable);
          const { store } = transaction;
          await sweep(store, time.now());
          const known = v.parse(v.optional(revocationRow), await store.get(userId));
          const row = { userId, untilMs: Math.max(untilMs, known?.untilMs ?? 0) };
          await Promise.all([store.put(row), transaction.done]);
        }),
      isRevoked: (userId) =>
        database.use(async (opened) => {
          const row = v.parse(v.optional(revocationRow), await opened.get('revocations', userId));
          return (row?.untilMs ?? 0) > time.now();
        }),
    },
    marks: {
      move: (user, room, epoch, seq) =>
        database.use(async (opened) => {
          const transaction = opened.transaction('marks', 'readwrite');
          const { store } = transaction;
          const known = v.parse(v.optional(markRow), await store.get([user.id, room]));
          if (known?.epoch === epoch && known.seq >= seq) return false;
          const put = store.put({ userId: user.id, room, epoch, user, seq, movedAt: time.now() });
          if (!known) await dropOldest(store, maxMarks);
          await Promise.all([put, transaction.done]);
          return true;
        }),
      seqOf: (userId, room, epoch) =>
        database.use(async (opened) => {
          const mark = v.parse(v.optional(markRow), await opened.get('marks', [userId, room]));
          return mark?.epoch === epoch ? mark.seq : 0;
        }),
      inRoom: (room, epoch, most) =>
        database.use(async (opened) => {
          const marks: ReadMark[] = [];
          const ofRoom = IDBKeyRange.bound([room, epoch], [room, epoch, []]);
          const { store } = opened.transaction('marks');
          let cursor = await store.index('byRoom').openCursor(ofRoom, 'prev');
          while (cursor && marks.length < most) {
            const { user, seq } = v.parse(markRow, cursor.value);
            marks.push({ user, seq });
            cursor = await cursor.continue();
          }
          return marks;
        }),
    },
  };
}

/** Deletes what has ended. */
async function sweep<Store extends 'names' | 'revocations'>(
  store: IDBPObjectStore<HeartSchema, [Store], Store, 'readwrite'>,
  nowMs: number,
): Promise<void> {
  const ended = await store.index('byEnd').getAllKeys(IDBKeyRange.upperBound(nowMs));
  await Promise.all(ended.map((key) => store.delete(key)));
}

async function dropOldest(
  store: IDBPObjectStore<HeartSchema, ['marks'], 'marks', 'readwrite'>,
  maxMarks: number,
): Promise<void> {
  const tooMany = (await store.count()) - maxMarks;
  if (tooMany <= 0) return;
  const oldest = await store.index('byMove').getAllKeys(null, tooMany);
  await Promise.all(oldest.map((key) => store.delete(key)));
}
