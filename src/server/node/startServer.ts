/**
 * Puts the Node server together: the log, the key, the chat's heart, HTTP and WebSockets. What can
 * go wrong at the start goes wrong here, with a reason that a person can act on.
 */

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { systemTime } from '../../connection/ports';
import { defaultAllowances, noAllowances } from '../chat/allowances';
import { createChatServer } from '../chat/chatServer';
import { createIdSeries } from '../chat/idSeries';
import { createMemoryPeople } from '../chat/memoryPeople';
import { nameKeys } from '../chat/nameKeys';
import { observersAsOne } from '../chat/observers';
import { pushThrough } from '../chat/push';
import { returnWindowMs } from '../chat/returnWindow';
import { createCompanion } from '../companion/companion';
import type { MessageLog } from '../log/log';
import { createMemoryLog } from '../log/memoryLog';
import { createScanSearch } from '../log/scanSearch';
import type { SearchIndex } from '../log/searchIndex';
import {
  createConnectionGate,
  defaultConnectionLimits,
  noConnectionLimits,
} from './connectionGate';
import { createGuestTokens, readOrMakeKey } from './guestTokens';
import { createHttpServer } from './httpServer';
import { makeFolder } from './makeFolder';
import { createMetrics, type Metrics } from './metrics';
import { serveMetrics } from './metricsEndpoint';
import { openSearch } from './openSearch';
import { openSqliteLog, type SqliteLogOptions } from './openSqliteLog';
import type { ServerOptions } from './options';
import { openPeopleFile, type PeopleStore } from './peopleStore';
import { randomId } from './randomId';
import { createRequestGuard } from './requestGuard';
import { createServerLog, observeForLog, type ServerLog } from './serverLog';
import { openWebPush, type WebPush } from './webPush';
import { hostWebSockets } from './webSocketHost';

export interface RunningServer {
  /** Where it listens, the port that was free included. */
  readonly port: number;
  /** Sends everybody away to come back soon, answers what has come, and lets go of everything. */
  stop(): Promise<void>;
}

/** The server cannot start, for a reason that the person who started it can do something about. */
export class StartError extends Error {
  override name = 'StartError';
}

const logFile = 'log.sqlite';

/** What the lines may take to end at a restart, in ms. */
const lineEndTimeoutMs = 2_000;

/** Connections beyond the WebSockets: those that fetch the page, or have not yet said what they want. */
const spareConnections = 2_000;

/** Serves the chat, and the page in `pageDir`. Rejects with a StartError if it cannot. */
export async function startServer(
  options: ServerOptions,
  pageDir: string,
  serverLog: ServerLog = createServerLog(options.logLevel, process.stderr),
): Promise<RunningServer> {
  const isForgetful = options.log === 'memory';
  let isLogThere = true;
  const logOptions = {
    serverLog,
    onChange(isThere: boolean) {
      isLogThere = isThere;
    },
  };
  const kept = await (isForgetful ? openNothing(options) : openDataDir(options, logOptions));
  const { key, log, search, people, push } = kept;
  const tokens = createGuestTokens(key, options.tokenLifetimeMs);
  const onError = (err: unknown) => serverLog.error({ err }, 'something failed that should not');
  const metrics = createMetrics({ counts: () => chat.counts(), isLogThere: () => isLogThere });
  const logObserver = observeForLog(serverLog, systemTime);
  const chat = createChatServer({
    log,
    search,
    observer: observersAsOne([metrics.observer, logObserver.observer]),
    people,
    tokens,
    push: pushThrough(push.ports),
    time: systemTime,
    random: Math.random,
    newId: randomId,
    newMessageId: createIdSeries(randomId()),
    soon: setImmediate,
    allowances: options.hasLimits ? defaultAllowances : noAllowances,
    heartbeat: { intervalMs: options.heartbeatIntervalMs, timeoutMs: options.heartbeatTimeoutMs },
    onError,
  });
  const guard = createRequestGuard(options);
  const hasMetricsPort = options.metricsPort !== undefined;
  const server = createHttpServer({
    pageDir,
    health: chat.health,
    guard,
    ...(!hasMetricsPort && { metrics }),
  });
  const connectionLimits = options.hasLimits
    ? { ...defaultConnectionLimits, total: options.maxConnections }
    : noConnectionLimits;
  // Who is one too many is told so, as long as there is room for that.
  server.maxConnections = connectionLimits.total + spareConnections;
  const gate = createConnectionGate(connectionLimits, systemTime);
  const lines = hostWebSockets(server, {
    chat,
    guard,
    gate,
    isCompressing: options.isCompressing,
    onRefused(why) {
      metrics.upgradeRefused(why);
      logObserver.upgradeRefused(why);
    },
  });

  let metricsServer: Server | undefined;
  try {
    server.listen(options.port, options.host);
    await once(server, 'listening');
    metricsServer = await openMetricsPort(metrics, options);
  } catch (error) {
    people.close();
    push.close();
    await search.close();
    await log.close();
    server.close();
    throw error instanceof StartError ? error : new StartError(whyNotListening(error, options));
  }
  // Later errors are of single connections that could not be accepted: the others go on.
  server.on('error', (err) => serverLog.error({ err }, 'a connection could not be taken'));
  // Node keeps the address of a TCP server in this shape; null and a path are for other kinds.
  const { port } = server.address() as AddressInfo;

  const newId = createIdSeries(randomId());
  const companion = options.hasCompanion
    ? createCompanion({ chat, tokens, time: systemTime, newId, onError })
    : undefined;

  const { log: engine, dataDir, hasLimits } = options;
  serverLog.info({ port, engine, dataDir, hasLimits, node: process.version }, 'started');

  return {
    port,
    async stop() {
      const startedAt = performance.now();
      const { connections } = chat.counts();
      serverLog.info({ connections }, 'the drain begins');
      server.close();
      companion?.stop();
      // With time left to let go of everything, should the message log not answer.
      const drained = await chat.drain(returnWindowMs(connections), options.drainTimeoutMs / 2);
      // What was written last, the goodbye among it, has to leave first.
      await lines.ended(lineEndTimeoutMs);
      gate.close();
      people.close();
      push.close();
      await search.close();
      await log.close();
      server.closeAllConnections();
      metricsServer?.close();
      metricsServer?.closeAllConnections();
      logObserver.close();
      const durationMs = Math.round(performance.now() - startedAt);
      const level = drained.unanswered > 0 ? 'warn' : 'info';
      serverLog[level]({ ...drained, durationMs }, 'the drain has ended');
    },
  };
}

interface Kept {
  key: Uint8Array;
  log: MessageLog;
  search: SearchIndex;
  people: PeopleStore;
  push: WebPush;
}

async function openNothing(options: ServerOptions): Promise<Kept> {
  const push = await openWebPush(undefined, options);
  const people = { ...createMemoryPeople({ time: systemTime, keysOf: nameKeys }), close() {} };
  const log = createMemoryLog(randomId());
  return { key: randomBytes(32), log, search: createScanSearch(log), people, push };
}

async function openMetricsPort(
  metrics: Metrics,
  { metricsPort: port, metricsHost: host }: ServerOptions,
): Promise<Server | undefined> {
  if (port === undefined) return undefined;
  try {
    return await serveMetrics(metrics, { port, host });
  } catch (error) {
    throw new StartError(`the metrics cannot be at port ${port} of ${host}: ${messageOf(error)}`);
  }
}

async function openDataDir(options: ServerOptions, logOptions: SqliteLogOptions): Promise<Kept> {
  const { dataDir, tokenLifetimeMs } = options;
  try {
    await makeFolder(resolve(dataDir));
    const key = await readOrMakeKey(dataDir);
    // First the log, which takes the folder for this server alone.
    const log = await openSqliteLog(join(dataDir, logFile), logOptions);
    const search = openSearch(dataDir, logFile, logOptions.serverLog);
    const peoplePath = join(dataDir, 'people.sqlite');
    const people = openPeopleFile(peoplePath, { time: systemTime, tokenLifetimeMs });
    return { key, log, search, people, push: await openWebPush(dataDir, options) };
  } catch (error) {
    throw new StartError(`the data folder "${dataDir}" cannot be used: ${messageOf(error)}`);
  }
}

function whyNotListening(error: unknown, { port, host }: ServerOptions): string {
  const code = codeOf(error);
  const where = host === undefined ? `port ${port}` : `port ${port} of ${host}`;
  if (code === 'EADDRINUSE') return `${where} is in use: choose another with --port`;
  if (code === 'EACCES') return `${where} may not be used by this user: choose one above 1023`;
  return `cannot listen on ${where}: ${messageOf(error)}`;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
