/**
 * Puts the Node server together: the log, the key, the chat's heart, HTTP and WebSockets. What can
 * go wrong at the start goes wrong here, with a reason that a person can act on.
 */

import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemTime } from '../../connection/ports';
import { createChatServer } from '../chat/chatServer';
import { sweepFiles } from '../chat/files/settleDoubts';
import { defaultAllowances, noAllowances } from '../chat/limits/allowances';
import { observersAsOne } from '../chat/observers';
import { createIdSeries } from '../chat/people/idSeries';
import { createPrograms } from '../chat/programs';
import { pushThrough } from '../chat/push/push';
import { returnWindowMs } from '../chat/returnWindow';
import { createLiveStreams } from '../chat/streams/liveStreams';
import { createCompanion } from '../companion/companion';
import { LogUnavailableError } from '../log/log';
import { reasonOf } from '../log/reasonOf';
import { createApi } from './api';
import { defaultStreamLimits, noStreamLimits } from './apiStreams';
import { closeAll } from './closeAll';
import {
  createConnectionGate,
  defaultConnectionLimits,
  noConnectionLimits,
} from './connectionGate';
import { codeOf } from './errorCode';
import { createGuestTokens } from './guestTokens';
import { createHttpServer } from './httpServer';
import { type Keeping, keepInFolder, keepInMemory } from './keeping';
import type { LogWatch } from './logWatch';
import { createMetrics, type Metrics } from './metrics';
import { serveMetrics } from './metricsEndpoint';
import { openFiles } from './openFiles';
import type { RedisOptions, ServerOptions } from './options';
import { randomId } from './randomId';
import { createRequestGuard } from './requestGuard';
import { requirePort } from './requirePort';
import { createServerLog, observeForLog, type ServerLog } from './serverLog';
import { boundSockets } from './socketBound';
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

/** What the lines may take to end at a restart, in ms. */
const lineEndTimeoutMs = 2_000;

/** How much later than they were told those may be back who were sent away at a restart, in ms. */
const latenessMs = 5_000;

/** Connections beyond the WebSockets: those that fetch the page, or have not yet said what they want. */
const spareConnections = 2_000;

/** As many of them may be of one address. */
const spareOfAddress = 200;

/** Serves the chat, and the page in `pageDir`. Rejects with a StartError if it cannot. */
export async function startServer(
  options: ServerOptions,
  pageDir: string,
  serverLog: ServerLog = createServerLog(options.logLevel, process.stderr),
): Promise<RunningServer> {
  let isLogThere = true;
  const watch: LogWatch = {
    serverLog,
    onChange(isThere: boolean) {
      isLogThere = isThere;
    },
  };
  await requirePort(options.port, options.host).catch((error: unknown) => {
    throw new StartError(whyNotListening(error, options));
  });
  const kept = await open(options, watch);
  const { key, log, search, people, push, gateway, sharedAllowances } = kept;
  const tokens = createGuestTokens(key, options.tokenLifetimeMs);
  const onError = (err: unknown) => {
    // That the log is away is told once, and not of each who needs it.
    if (err instanceof LogUnavailableError) return;
    serverLog.error({ err }, 'something failed that should not');
  };
  const files = kept.files && openFiles(kept.files, key, options);
  const metrics = createMetrics({
    counts: () => chat.counts(),
    isLogThere: () => isLogThere,
    ...(files && { files: files.blobs.usage }),
  });
  const logObserver = observeForLog(serverLog, systemTime);
  const chat = createChatServer({
    log,
    search,
    observer: observersAsOne([metrics.observer, logObserver.observer]),
    people,
    tokens,
    push: pushThrough(push),
    ...(files && { files: files.files }),
    streams: createLiveStreams,
    ...(gateway && { gateway }),
    // Who is measured is limited by nobody.
    ...(options.hasLimits && sharedAllowances && { sharedAllowances }),
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
  const connectionLimits = options.hasLimits
    ? { ...defaultConnectionLimits, total: options.maxConnections }
    : noConnectionLimits;
  const gate = createConnectionGate(
    connectionLimits,
    systemTime,
    kept.handshakes?.(connectionLimits.handshakes),
  );
  const api = createApi({
    programs: chat.open(createPrograms),
    guard,
    gate,
    streamLimits: options.hasLimits ? defaultStreamLimits : noStreamLimits,
    time: systemTime,
    newId: createIdSeries(randomId()),
    onRefused: metrics.programRefused,
    onError,
  });
  const hasMetricsPort = options.metricsPort !== undefined;
  const server = createHttpServer({
    pageDir,
    health: chat.health,
    guard,
    api,
    ...(files && { files: { ...files, now: systemTime.now, onError } }),
    ...(!hasMetricsPort && { metrics }),
  });
  // Who is one too many is told so, as long as there is room for that.
  server.maxConnections = connectionLimits.total + spareConnections;
  boundSockets(server, {
    perAddress: connectionLimits.perAddress + spareOfAddress,
    isProxy: guard.isProxy,
    onDropped: logObserver.socketDropped,
  });
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
    await files?.blobs.close();
    await kept.close(0);
    server.close();
    throw error instanceof StartError ? error : new StartError(whyNotListening(error, options));
  }
  // Later errors are of single connections that could not be accepted: the others go on.
  server.on('error', (err) => serverLog.error({ err }, 'a connection could not be taken'));
  // Node keeps the address of a TCP server in this shape; null and a path are for other kinds.
  const { port } = server.address() as AddressInfo;

  const stopSweeping = files && sweepFiles({ ...files, log, time: systemTime, onError });
  const newId = createIdSeries(randomId());
  const companion = options.hasCompanion
    ? createCompanion({ chat, tokens, time: systemTime, newId, onError })
    : undefined;

  const { log: engine, dataDir, hasLimits } = options;
  const dataIn = options.redis ? {} : { dataDir };
  serverLog.info({ port, engine, ...dataIn, hasLimits, node: process.version }, 'started');

  return {
    port,
    async stop() {
      const startedAt = performance.now();
      const { connections } = chat.counts();
      serverLog.info({ connections }, 'the drain begins');
      server.close();
      companion?.stop();
      // With time left to let go of everything, should the message log not answer.
      const returnWindow = returnWindowMs(connections);
      await api.end(options.drainTimeoutMs / 4);
      const drained = await chat.drain(returnWindow, options.drainTimeoutMs / 4);
      // What was written last, the goodbye among it, has to leave first.
      await lines.ended(lineEndTimeoutMs);
      gate.close();
      stopSweeping?.();
      await closeAll([
        () => files?.blobs.close(),
        () => kept.close(connections > 0 ? returnWindow[1] + latenessMs : 0),
        () => {
          server.closeAllConnections();
          metricsServer?.close();
          metricsServer?.closeAllConnections();
          logObserver.close();
        },
      ]);
      const durationMs = Math.round(performance.now() - startedAt);
      const level = drained.unanswered > 0 ? 'warn' : 'info';
      serverLog[level]({ ...drained, durationMs }, 'the drain has ended');
    },
  };
}

async function open(options: ServerOptions, watch: LogWatch): Promise<Keeping> {
  if (options.log === 'memory') return keepInMemory(options);
  if (options.redis) return openShared(options.redis, options, watch);
  try {
    return await keepInFolder(options, watch);
  } catch (error) {
    const why = reasonOf(error);
    throw new StartError(`the data folder "${options.dataDir}" cannot be used: ${why}`);
  }
}

async function openShared(
  redis: RedisOptions,
  options: ServerOptions,
  watch: LogWatch,
): Promise<Keeping> {
  // Who keeps everything in a folder needs none of it.
  const { keepInRedis } = await import('./keepInRedis');
  try {
    return await keepInRedis(redis, options, watch);
  } catch (error) {
    throw new StartError(reasonOf(error));
  }
}

async function openMetricsPort(
  metrics: Metrics,
  { metricsPort: port, metricsHost: host }: ServerOptions,
): Promise<Server | undefined> {
  if (port === undefined) return undefined;
  try {
    return await serveMetrics(metrics, { port, host });
  } catch (error) {
    throw new StartError(`the metrics cannot be at port ${port} of ${host}: ${reasonOf(error)}`);
  }
}

function whyNotListening(error: unknown, { port, host }: ServerOptions): string {
  const code = codeOf(error);
  const where = host === undefined ? `port ${port}` : `port ${port} of ${host}`;
  if (code === 'EADDRINUSE') return `${where} is in use: choose another with --port`;
  if (code === 'EACCES') return `${where} may not be used by this user: choose one above 1023`;
  return `cannot listen on ${where}: ${reasonOf(error)}`;
}
