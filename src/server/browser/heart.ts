/**
 * The chat's heart on what this browser keeps: the same one as in Node, with IndexedDB under it, or with
 * memory alone where the browser keeps nothing. It says at any time how well it keeps what is said.
 */
import type { Random, Time } from '../../connection/ports';
import type { CloseCode } from '../../protocol/closeCodes';
import { type ChatServer, createChatServer } from '../chat/chatServer';
import { createIdSeries } from '../chat/people/idSeries';
import type { NameKeys } from '../chat/people/nameText';
import { plainNameKeys } from '../chat/people/plainNameKeys';
import type { People, TokenAuthority } from '../chat/ports';
import { createLaterCompanion } from '../companion/laterCompanion';
import type { MessageLog } from '../log/log';
import type { SearchIndex } from '../log/searchIndex';
import { createBrowserTokens } from './browserTokens';
import { NotKeptError, openHeartDatabase } from './heartDatabase';
import { createIndexedDbLog } from './indexedDbLog';
import { createIndexedDbPeople } from './indexedDbPeople';
import { createLaterFiles } from './laterFiles';
import { createLaterSearch } from './laterSearch';
import { createLaterStreams } from './laterStreams';
import type { StorageState } from './portMessages';
import { randomId } from './randomId';

export interface HeartOptions {
  databaseName: string;
  time: Time;
  random: Random;
  /** Called when it changes, and once the heart beats. */
  onStorage(state: StorageState): void;
  /** What it keeps can no longer be reached: the browser has closed it, or a newer version wants it. */
  onGone(why: 'closed' | 'newer'): void;
  onError(error: unknown): void;
}

export interface Heart extends Pick<ChatServer, 'accept'> {
  /** Answers what has come, sends everybody away, and lets go of what is kept. */
  end(why: CloseCode): Promise<void>;
}

const heartbeat = { intervalMs: 25_000, timeoutMs: 10_000 };

/** The largest file that may be sent, in bytes. */
const fileBytes = 25_000_000;

/** What messages that had come may take to be answered at the end, in ms. */
const answerTimeoutMs = 1_000;

/** Resolves when messages can be taken; waits for a page with an older version to let go of what is kept. */
export async function startHeart(options: HeartOptions): Promise<Heart> {
  const { time, random, onError } = options;
  const { tokens, databaseName, ...kept } = await openKept(options);
  const beside = (what: string) => databaseName && `${databaseName} ${what}`;
  const files = createLaterFiles({
    databaseName: beside('files'),
    fileBytes,
    log: kept.log,
    time,
    onError,
  });
  const chat = createChatServer({
    ...kept,
    tokens,
    files,
    time,
    random,
    newId: randomId,
    newMessageId: createIdSeries(randomId()),
    streams: (streams) => createLaterStreams(streams, beside('streams')),
    heartbeat,
    onError,
  });
  const newId = createIdSeries(randomId());
  const companion = createLaterCompanion({
    ...{ chat, tokens, time, newId, isInBrowser: true, onError },
  });
  return {
    accept: chat.accept,
    async end(why) {
      companion.stop();
      await chat.end(why, answerTimeoutMs);
      await files.close();
      await kept.log.close();
    },
  };
}

interface Kept {
  /** What the names of the databases beside the log begin with; undefined where nothing is kept. */
  databaseName: string | undefined;
  log: MessageLog;
  /** Without one, the log is looked through. */
  search?: SearchIndex;
  people: People;
  tokens: TokenAuthority;
}

async function openKept({ databaseName, time, onStorage, onGone }: HeartOptions): Promise<Kept> {
  let told: StorageState | undefined;
  const tell = (state: StorageState) => {
    if (state === told) return;
    told = state;
    onStorage(state);
  };
  try {
    const database = await openHeartDatabase({
      name: databaseName,
      newEpoch: randomId(),
      onBlocked: () => tell('blocked'),
      onGone,
    });
    tell('kept');
    const log = createIndexedDbLog(database, {
      onStored: (outcome) => tell(outcome === 'full' ? 'full' : 'kept'),
    });
    return {
      databaseName,
      log,
      search: createLaterSearch(async () => {
        const { createIndexedDbSearch } = await import('./indexedDbSearch');
        return createIndexedDbSearch(database, log);
      }),
      people: createIndexedDbPeople(database, { time, keysOf }),
      tokens: createBrowserTokens(database, time.now),
    };
  } catch (error) {
    if (!(error instanceof NotKeptError)) throw error;
    tell(error.why);
    const { keepInMemory } = await import('./keptInMemory');
    return { databaseName: undefined, ...keepInMemory({ time, keysOf }) };
  }
}

/** Few names need the table of all that looks alike: it is fetched for them. */
async function keysOf(name: string): Promise<NameKeys> {
  return plainNameKeys(name) ?? (await import('../chat/people/nameKeys')).nameKeys(name);
}
