/**
 * What is known of people, in a small SQLite file: whose each name is, who has signed out, and how far who
 * has read (`readMarkStore.ts`). Written seldom and read by key, so it needs no thread. What has ended is
 * forgotten as more comes in.
 */
import * as v from 'valibot';
import type { Time } from '../../connection/ports';
import { nameKeys } from '../chat/people/nameKeys';
import type { People } from '../chat/ports';
import { closeWhole, type Database, inTransaction } from '../log/database';
import { rememberPlace } from './filePlace';
import { openReadMarks, readMarksSchema } from './readMarkStore';
import { openDatabase } from './sqliteDriver';

export interface PeopleStoreOptions {
  /** `now()` is ms since 1970. */
  time: Time;
  /** How long a token holds that is made now, in ms. */
  tokenLifetimeMs: number;
  /** How many names may be kept: without a bound, who never tires of new guests could fill the disk. */
  maxNames?: number;
  /** How many marks of what was read may be kept, for the same reason. */
  maxMarks?: number;
}

export interface PeopleStore extends People {
  close(): void;
}

/** Step n makes version n + 1 (`user_version`) of the one before. A step that was released never changes. */
const steps: readonly string[] = [
  `
  CREATE TABLE tokens (longest_lifetime_ms INTEGER NOT NULL);
  INSERT INTO tokens VALUES (0);
  CREATE TABLE names (
    key TEXT PRIMARY KEY,
    user_id TEXT NOT NULL,
    until INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX names_by_user ON names (user_id);
  CREATE INDEX names_by_end ON names (until);
  CREATE TABLE revocations (user_id TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX revocations_by_end ON revocations (until);
  `,
  readMarksSchema,
];

const versionRow = v.object({ user_version: v.number() });
const countRow = v.object({ count: v.number() });
const lifetimeRow = v.object({ longest_lifetime_ms: v.number() });
const holdRow = v.object({ user_id: v.string(), until: v.number() });
const revocationRow = v.object({ until: v.number() });

/** A name is kept for longer than was asked, by this part of it: who comes back daily writes seldom. */
const marginOfHold = 1 / 8;

/** Forgotten with every new name or sign-out: more than comes in, and little enough not to be felt. */
const forgottenAtOnce = 8;

/** Forgotten at the start, at most. */
const forgottenAtStart = 20_000;

/**
 * Opens the store in the file at `path`, making it if it is new. A sign-out that went into a file which was
 * meanwhile moved or deleted is rejected: after a restart nobody would know of it.
 */
export function openPeopleFile(path: string, options: PeopleStoreOptions): PeopleStore {
  const store = openPeopleStore(openDatabase(path), options);
  const files = rememberPlace(path);
  return {
    ...store,
    revocations: {
      ...store.revocations,
      async revoke(userId, untilMs) {
        await store.revocations.revoke(userId, untilMs);
        const place = files.find();
        if (place !== 'in place') throw new Error(`${path} was taken away: it is ${place}`);
      },
    },
  };
}

/** Opens the store in `database`, making it if the file is new. Throws if a later version wrote it. */
export function openPeopleStore(database: Database, options: PeopleStoreOptions): PeopleStore {
  const { time, tokenLifetimeMs, maxNames = 1_000_000, maxMarks = 1_000_000 } = options;
  // A name that a power cut takes back is a small thing, and not worth a sync to disk for each guest.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  prepareTables(database);

  const selectName = database.prepare('SELECT user_id, until FROM names WHERE key = ?');
  const putName = database.prepare(
    'INSERT OR REPLACE INTO names (key, user_id, until) VALUES (?, ?, ?)',
  );
  const dropNames = database.prepare('DELETE FROM names WHERE user_id = ?');
  const forgetNames = database.prepare(
    'DELETE FROM names WHERE key IN (SELECT key FROM names WHERE until <= ? ORDER BY until LIMIT ?)',
  );
  const selectRevocation = database.prepare('SELECT until FROM revocations WHERE user_id = ?');
  const putRevocation = database.prepare(
    'INSERT INTO revocations (user_id, until) VALUES (?, ?) ON CONFLICT (user_id) DO UPDATE SET until = max(until, excluded.until)',
  );
  const forgetRevocations = database.prepare(
    'DELETE FROM revocations WHERE user_id IN (SELECT user_id FROM revocations WHERE until <= ? ORDER BY until LIMIT ?)',
  );

  function forget(most: number) {
    forgetNames.run(time.now(), most);
    forgetRevocations.run(time.now(), most);
  }

  const longestLifetimeMs = noteLifetime(database, tokenLifetimeMs);
  inTransaction(database, () => forget(forgottenAtStart));
  const marks = openReadMarks(database, { time, maxMarks });
  /** Rows of `names`. Asked of SQLite it would be counted each time. */
  let nameRows = countNames(database);

  /** Does all of `work` or nothing, and keeps count. */
  function changeNames(work: () => void) {
    try {
      inTransaction(database, work);
    } catch (error) {
      nameRows = countNames(database);
      throw error;
    }
  }

  function claim(userId: string, name: string, untilMs: number): boolean {
    const keys = nameKeys(name);
    const rows = keys.map((key) => v.parse(v.optional(holdRow), selectName.get(key)));
    const holds = rows.map((row) => (row && row.until > time.now() ? row : undefined));
    if (holds.some((hold) => hold && hold.user_id !== userId)) return false;
    if (holds.every((hold) => hold && hold.until >= untilMs)) return true;

    const isNew = holds.every((hold) => hold === undefined);
    const longUntilMs = Math.ceil(untilMs + (untilMs - time.now()) * marginOfHold);
    let isKept = false;
    changeNames(() => {
      if (isNew) nameRows -= Number(forgetNames.run(time.now(), forgottenAtOnce).changes);
      isKept = !isNew || nameRows < keys.length * maxNames;
      if (!isKept) return;
      for (const key of keys) {
        const isRowThere = selectName.get(key) !== undefined;
        putName.run(key, userId, longUntilMs);
        if (!isRowThere) nameRows += 1;
      }
    });
    return isKept;
  }

  /** Unlike a name, a sign-out survives a power cut from the moment on at which it is answered. */
  function revoke(userId: string, untilMs: number) {
    database.exec('PRAGMA synchronous = FULL');
    try {
      inTransaction(database, () => {
        forgetRevocations.run(time.now(), forgottenAtOnce);
        putRevocation.run(userId, Math.max(untilMs, time.now() + longestLifetimeMs));
      });
    } finally {
      database.exec('PRAGMA synchronous = NORMAL');
    }
  }

  return {
    names: {
      claim: async ({ id, name }, untilMs) => claim(id, name, untilMs),
      async release(userId) {
        changeNames(() => {
          nameRows -= Number(dropNames.run(userId).changes);
        });
      },
    },
    revocations: {
      revoke: async (userId, untilMs) => revoke(userId, untilMs),
      async isRevoked(userId) {
        const row = v.parse(v.optional(revocationRow), selectRevocation.get(userId));
        return row !== undefined && row.until > time.now();
      },
    },
    marks,
    close() {
      try {
        marks.close();
      } finally {
        closeWhole(database);
      }
    },
  };
}

function prepareTables(database: Database): void {
  const { user_version: version } = v.parse(
    versionRow,
    database.prepare('PRAGMA user_version').get(),
  );
  if (version > steps.length) throw new Error(`people.sqlite is of a later version (${version})`);
  if (version === steps.length) return;
  inTransaction(database, () => {
    for (const step of steps.slice(version)) database.exec(step);
    database.exec(`PRAGMA user_version = ${steps.length}`);
  });
}

/** The longest that any token of this folder may hold: the lifetime may have been longer before. */
function noteLifetime(database: Database, lifetimeMs: number): number {
  database
    .prepare('UPDATE tokens SET longest_lifetime_ms = max(longest_lifetime_ms, ?)')
    .run(lifetimeMs);
  const row = database.prepare('SELECT longest_lifetime_ms FROM tokens').get();
  return v.parse(lifetimeRow, row).longest_lifetime_ms;
}

function countNames(database: Database): number {
  return v.parse(countRow, database.prepare('SELECT count(*) AS count FROM names').get()).count;
}
