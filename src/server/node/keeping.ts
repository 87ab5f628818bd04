/** What outlives the connections of a server, and where: in memory, or in the data folder. */
import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { systemTime } from '../../connection/ports';
import type { BlobEngine } from '../blobs/blobEngine';
import { createMemoryBlobs } from '../blobs/memoryBlobs';
import type { ChatServerOptions } from '../chat/chatServer';
import type { KeyedBuckets } from '../chat/limits/allowances';
import type { Rate } from '../chat/limits/tokenBucket';
import { createMemoryPeople } from '../chat/people/memoryPeople';
import { nameKeys } from '../chat/people/nameKeys';
import type { People } from '../chat/ports';
import type { PushPorts } from '../chat/push/push';
import type { MessageLog } from '../log/log';
import { createMemoryLog } from '../log/memoryLog';
import { createScanSearch } from '../log/scanSearch';
import type { SearchIndex } from '../log/searchIndex';
import { closeAll } from './closeAll';
import { filesFolder, openFolderBlobs } from './folderBlobs';
import { readOrMakeKey } from './guestTokens';
import { createLogSyncs, type LogSyncs } from './logSyncs';
import type { LogWatch } from './logWatch';
import { makeFolder } from './makeFolder';
import { openSearch } from './openSearch';
import { openSqliteLog } from './openSqliteLog';
import type { ServerOptions } from './options';
import { openPeopleFile } from './peopleStore';
import { randomId } from './randomId';
import { openWebPush } from './webPush';

export interface Keeping {
  /** What tokens are signed with. */
  readonly key: Uint8Array;
  readonly log: MessageLog;
  readonly search: SearchIndex;
  readonly people: People;
  /** Where files are kept, if any may be sent. */
  readonly files: BlobEngine | undefined;
  readonly push: PushPorts;
  /** Where other servers share what is kept: this one's part with them. */
  readonly gateway?: NonNullable<ChatServerOptions['gateway']>;
  /** And what users and addresses may do at all of them together. */
  readonly sharedAllowances?: NonNullable<ChatServerOptions['sharedAllowances']>;
  /** And how quickly addresses may come to any of them. */
  handshakes?(rate: Rate): KeyedBuckets;
  /**
   * Finishes what is under way, then lets go of everything. For `returnMs` those who were here may come back, to
   * another server that keeps the same.
   */
  close(returnMs: number): Promise<void>;
}

const logFile = 'log.sqlite';

/**
 * The files in that folder, which several servers may share; undefined where none may be sent. They let the log go
 * first, if it is on this machine: `syncs`. Rejects with the reason if it cannot be used.
 */
export async function openFolder(
  path: string,
  { filesMaxBytes, redis }: ServerOptions,
  { serverLog }: LogWatch,
  syncs?: Pick<LogSyncs, 'over'>,
): Promise<BlobEngine | undefined> {
  if (filesMaxBytes === 0) return undefined;
  return openFolderBlobs({
    path: resolve(path),
    isShared: redis !== undefined,
    onTrouble: (err) => serverLog.error({ err }, 'files are away'),
    ...(syncs && { untilQuiet: syncs.over }),
  });
}

/** Keeps nothing beyond the end of the process. */
export async function keepInMemory(options: ServerOptions): Promise<Keeping> {
  const push = await openWebPush(undefined, options);
  const log = createMemoryLog(randomId());
  const search = createScanSearch(log, {
    rest: () => new Promise((resolve) => setImmediate(resolve)),
  });
  return {
    key: randomBytes(32),
    log,
    search,
    people: createMemoryPeople({ time: systemTime, keysOf: nameKeys }),
    files: options.filesMaxBytes > 0 ? createMemoryBlobs() : undefined,
    push: push.ports,
    close: () => closeAll([push.close, search.close, log.close]),
  };
}

/** What is in a data folder beside the log, once there was a chat. */
const madeWithLog = ['token.key', 'people.sqlite', 'push.sqlite'];

/** Somebody may have deleted the log on purpose, to begin anew with the same people. Else it should be known. */
async function warnOfLostLog(dataDir: string, { serverLog }: LogWatch): Promise<void> {
  const names = await readdir(dataDir);
  if (names.includes(logFile)) return;
  const others = madeWithLog.filter((name) => names.includes(name));
  if (others.length === 0) return;
  const what = `there is no ${logFile} beside what else a chat has left: an empty one is begun`;
  serverLog.warn({ dataDir, others }, what);
}

/** Rejects with the reason if the data folder cannot be used, or another server uses it. */
export async function keepInFolder(options: ServerOptions, watch: LogWatch): Promise<Keeping> {
  const { dataDir, tokenLifetimeMs } = options;
  await makeFolder(resolve(dataDir));
  await warnOfLostLog(dataDir, watch);
  const key = await readOrMakeKey(dataDir);
  // First the log, which takes the folder for this server alone.
  const syncs = createLogSyncs();
  const log = await openSqliteLog(join(dataDir, logFile), watch, syncs);
  const search = openSearch(dataDir, logFile, watch.serverLog);
  const peoplePath = join(dataDir, 'people.sqlite');
  const people = openPeopleFile(peoplePath, { time: systemTime, tokenLifetimeMs });
  const push = await openWebPush(dataDir, options);
  const filesPath = options.filesDir ?? join(dataDir, filesFolder);
  const files = await openFolder(filesPath, options, watch, syncs);
  return {
    key,
    log,
    search,
    people,
    files,
    push: push.ports,
    close: () => closeAll([people.close, push.close, search.close, log.close]),
  };
}
