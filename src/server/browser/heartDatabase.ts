/**
 * What the server in the page keeps, in IndexedDB: its tables, and the way to them. Whatever the browser
 * does to it (full, closed, taken away) comes out as a LogUnavailableError that says so.
 */
import {
  type DBSchema,
  type IDBPDatabase,
  type IDBPTransaction,
  openDB,
  type StoreNames,
} from 'idb';
import * as v from 'valibot';
import type { User } from '../../protocol/user';
import { LogUnavailableError, MessageRefusedError } from '../log/log';
import { reasonOf } from '../log/reasonOf';
import { type MessageRow, messageRow } from './messageRow';
import { type TermsRow, termsRowOf } from './termsRow';

export interface NameRow {
  key: string;
  userId: string;
  untilMs: number;
}

export interface RevocationRow {
  userId: string;
  untilMs: number;
}

export interface MarkRow {
  userId: string;
  room: string;
  epoch: string;
  user: User;
  seq: number;
  movedAt: number;
}

export interface TokenRow {
  token: string;
  userId: string;
  user: User;
  expiresAt: number;
}

export interface HeartSchema extends DBSchema {
  meta: { key: string; value: string };
  messages: {
    key: [room: string, seq: number];
    value: MessageRow;
    indexes: { byId: [id: string, author: string] };
  };
  terms: { key: [room: string, seq: number]; value: TermsRow; indexes: { byTerm: string } };
  names: { key: string; value: NameRow; indexes: { byUser: string; byEnd: number } };
  revocations: { key: string; value: RevocationRow; indexes: { byEnd: number } };
  marks: {
    key: [userId: string, room: string];
    value: MarkRow;
    indexes: { byRoom: [room: string, epoch: string, movedAt: number]; byMove: number };
  };
  tokens: { key: string; value: TokenRow; indexes: { byUser: string; byEnd: number } };
}

type Upgrade = IDBPTransaction<HeartSchema, StoreNames<HeartSchema>[], 'versionchange'>;

/** A later version adds its tables in a step of its own; one that was released never changes. */
const steps: readonly ((
  database: IDBPDatabase<HeartSchema>,
  upgrade: Upgrade,
) => void | Promise<void>)[] = [
  (database) => {
    database.createObjectStore('meta');
    const messages = database.createObjectStore('messages', { keyPath: ['room', 'seq'] });
    messages.createIndex('byId', ['id', 'from.id'], { unique: true });
    const names = database.createObjectStore('names', { keyPath: 'key' });
    names.createIndex('byUser', 'userId');
    names.createIndex('byEnd', 'untilMs');
    const revocations = database.createObjectStore('revocations', { keyPath: 'userId' });
    revocations.createIndex('byEnd', 'untilMs');
    const marks = database.createObjectStore('marks', { keyPath: ['userId', 'room'] });
    marks.createIndex('byRoom', ['room', 'epoch', 'movedAt']);
    marks.createIndex('byMove', 'movedAt');
    const tokens = database.createObjectStore('tokens', { keyPath: 'token' });
    tokens.createIndex('byUser', 'userId');
    tokens.createIndex('byEnd', 'expiresAt');
  },
  async (database, upgrade) => {
    const terms = database.createObjectStore('terms', { keyPath: ['room', 'seq'] });
    terms.createIndex('byTerm', 'terms', { multiEntry: true });
    // What was said before is found, too; one row that cannot be read is nobody else's loss.
    for await (const { value } of upgrade.objectStore('messages')) {
      const row = v.is(messageRow, value) && termsRowOf(value);
      if (row) void terms.put(row);
    }
  },
];

export const databaseVersion = steps.length;

/** Why nothing is kept: a later version wrote what is there, or the browser keeps nothing here. */
export type NotKept = 'newer' | 'none';

export class NotKeptError extends Error {
  override name = 'NotKeptError';
  constructor(
    readonly why: NotKept,
    message: string,
  ) {
    super(message);
  }
}

export interface HeartDatabaseOptions {
  name: string;
  /** Names the log if there is none yet. */
  newEpoch: string;
  /** A page with an older version holds the database and does not let go yet: it is waited for. */
  onBlocked?: (() => void) | undefined;
  /** It cannot be used any more: the browser has closed it, or a newer version wants it. */
  onGone?: ((why: 'closed' | 'newer') => void) | undefined;
  factory?: IDBFactory | undefined;
}

export interface HeartDatabase {
  /** Names the log that is in it. */
  readonly epoch: string;
  /** Rejects with a LogUnavailableError for whatever the browser refuses. */
  use<Result>(work: (database: IDBPDatabase<HeartSchema>) => Promise<Result>): Promise<Result>;
  close(): void;
}

/** There is no room left, neither here nor on the whole device. */
export class StorageFullError extends LogUnavailableError {
  override name = 'StorageFullError';
}

/** Rejects with a NotKeptError where nothing can be kept. */
export async function openHeartDatabase(options: HeartDatabaseOptions): Promise<HeartDatabase> {
  const { name, newEpoch, onBlocked, onGone } = options;
  let isClosed = false;
  const gone = (why: 'closed' | 'newer') => {
    if (isClosed) return;
    close();
    onGone?.(why);
  };
  const close = () => {
    isClosed = true;
    database.close();
  };
  // Some browsers have no IndexedDB at all, or one that throws.
  const open = async () => {
    return openDB<HeartSchema>(name, databaseVersion, {
      async upgrade(upgraded, oldVersion, _, transaction) {
        for (const step of steps.slice(oldVersion)) await step(upgraded, transaction);
        if (oldVersion === 0) void transaction.objectStore('meta').put(newEpoch, 'epoch');
      },
      blocked: () => onBlocked?.(),
      // Who deletes it wants no version of it.
      blocking: (_, wanted) => gone(wanted === null ? 'closed' : 'newer'),
      terminated: () => gone('closed'),
    });
  };
  const database = await open().catch((error: unknown) => {
    throw new NotKeptError(isOfKind(error, 'VersionError') ? 'newer' : 'none', reasonOf(error));
  });
  const epoch = await database.get('meta', 'epoch').catch(() => undefined);
  if (typeof epoch !== 'string') {
    close();
    throw new NotKeptError('none', 'what is kept in this browser cannot be read');
  }
  return {
    epoch,
    async use(work) {
      if (isClosed) throw new LogUnavailableError('the storage of this browser is closed');
      try {
        return await work(database);
      } catch (error) {
        if (error instanceof MessageRefusedError) throw error;
        if (isOfKind(error, 'QuotaExceededError')) throw new StorageFullError(reasonOf(error));
        throw new LogUnavailableError(reasonOf(error));
      }
    },
    close,
  };
}

function isOfKind(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
