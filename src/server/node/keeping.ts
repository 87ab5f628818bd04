/** What outlives the connections of a server, and where: in memory, or in the data folder. */
import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { systemTime } from '../../connection/ports';
import type { KeyedBuckets } from '../chat/allowances';
import type { ChatServerOptions } from '../chat/chatServer';
import { createMemoryPeople } from '../chat/memoryPeople';
import { nameKeys } from '../chat/nameKeys';
import type { People } from '../chat/ports';
import type { PushPorts } from '../chat/push';
import type { Rate } from '../chat/tokenBucket';
import type { MessageLog } from '../log/log';
import { createMemoryLog } from '../log/memoryLog';
import { createScanSearch } from '../log/scanSearch';
import type { SearchIndex } from '../log/searchIndex';
import { readOrMakeKey } from './guestTokens';
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

/** Keeps nothing beyond the end of the process. */
export async function keepInMemory(options: ServerOptions): Promise<Keeping> {
  const push = await openWebPush(undefined, options);
  const log = createMemoryLog(randomId());
  const search = createScanSearch(log);
  return {
    key: randomBytes(32),
    log,
    search,
    people: createMemoryPeople({ time: systemTime, keysOf: nameKeys }),
    push: push.ports,
    async close() {
      push.close();
      await search.close();
      await log.close();
    },
  };
}

/** Rejects with the reason if the data folder cannot be used, or another server uses it. */
export async function keepInFolder(options: ServerOptions, watch: LogWatch): Promise<Keeping> {
  const { dataDir, tokenLifetimeMs } = options;
  await makeFolder(resolve(dataDir));
  const key = await readOrMakeKey(dataDir);
  // First the log, which takes the folder for this server alone.
  const log = await openSqliteLog(join(dataDir, logFile), watch);
  const search = openSearch(dataDir, logFile, watch.serverLog);
  const peoplePath = join(dataDir, 'people.sqlite');
  const people = openPeopleFile(peoplePath, { time: systemTime, tokenLifetimeMs });
  const push = await openWebPush(dataDir, options);
  return {
    key,
    log,
    search,
    people,
    push: push.ports,
    async close() {
      people.close();
      push.close();
      await search.close();
      await log.close();
    },
  };
}
