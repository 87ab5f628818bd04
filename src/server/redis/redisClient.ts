/**
 * Opens the connections to Redis, plain or to a cluster, and refuses at the start what cannot keep a chat.
 * Later they come back by themselves, whatever happens to Redis; until then every call is refused at once.
 */
import { createClient, createCluster } from 'redis';
import * as v from 'valibot';
import type { Random, Time } from '../../connection/ports';
import { LogUnavailableError } from '../log/log';
import { hashSlot } from './hashSlot';
import { RedisStartError, reasonOf } from './redisErrors';
import { createRedisLine, type NodeClient, type RedisLine, type RedisNodes } from './redisLine';
import { isCluster, parseInfo, type RedisInfo, refuseUnfit, warningsOf } from './serverChecks';
import { misnamed, nameOf, startError } from './startErrors';

export interface RedisOptions {
  /** `redis://[[user]:password@]host[:port][/database]`, or `rediss://` for TLS; of a cluster any node. */
  url: string;
  time: Time;
  random: Random;
  /** How long Redis may take to answer, in ms; 1,000 by default. */
  commandTimeoutMs?: number;
  /** Told at the start of what an accident may cost, as Redis is set. */
  onWarning?(text: string): void;
  /** Told of each command that found something of another type than it works on: with its first key. */
  onWrongType?(key: string): void;
}

export type PlainClient = ReturnType<typeof plainClient>;
export type ClusterClient = ReturnType<typeof clusterClient>;

export interface RedisConnection extends RedisLine {
  /**
   * Another one, of its own: what takes long there keeps nobody waiting here. `longestWaitMs`: for how long
   * Redis may leave a command on it unanswered.
   */
  another(longestWaitMs?: number): Promise<RedisConnection>;
  /**
   * The library's own client, with the same settings, which is not connected yet: for listening. It has a
   * listener for its errors already.
   */
  subscriber(): PlainClient | ClusterClient;
  /** Waits for what is under way, and lets go. Later calls reject. */
  close(): Promise<void>;
}

type Asked = Pick<NodeClient, 'sendCommand'>;

interface Settings extends Required<RedisOptions> {
  isCluster: boolean;
}

const defaultCommandTimeoutMs = 1_000;
/** How long a connection may take to open, in ms. */
const connectTimeoutMs = 5_000;
/** Between two tries, in ms: twice as long after each, up to the longest, and half of that by chance. */
const firstBackoffMs = 50;
const longestBackoffMs = 1_000;
/** After how long without one of its nodes the cluster is asked how it is made up now, in ms. */
const topologyRefreshMs = 500;
/** So many commands wait for their answers at most. */
const maxCommands = 20_000;

/** Rejects with a `RedisStartError` that says what is wrong. */
export async function openRedis(options: RedisOptions): Promise<RedisConnection> {
  const { url } = options;
  if (!v.is(urlSchema, url)) throw new RedisStartError(misnamed(url));
  const given = {
    commandTimeoutMs: defaultCommandTimeoutMs,
    onWarning: () => {},
    onWrongType: () => {},
    ...options,
  };
  const { client, failed } = await openFirst(given);
  try {
    const info = await Promise.race([look(client, nameOf(url)), failed]);
    const { connection, opened, masters } = connect(
      { ...given, isCluster: isCluster(info.fields) },
      0,
    );
    await opened;
    try {
      const others = await Promise.all(masters().map((node) => look(node.client, node.name)));
      const looks = others.length > 0 ? others : [info];
      for (const { warnings } of looks) for (const text of warnings) given.onWarning(text);
      return connection;
    } catch (error) {
      await connection.close();
      throw error;
    }
  } catch (error) {
    throw startError(error, nameOf(url));
  } finally {
    client.destroy();
  }
}

const urlSchema = v.pipe(
  v.string(),
  v.check((text) => URL.canParse(text) && /^rediss?:$/.test(new URL(text).protocol)),
);

/** Connects once, by the oldest form of the protocol: it may be too old for any other. */
async function openFirst(settings: Omit<Settings, 'isCluster'>) {
  const client = createClient({
    ...clientOptions(settings),
    url: settings.url,
    RESP: 2,
    socket: { ...socketOptions(settings, 0), reconnectStrategy: false },
  });
  // What is no Redis answers what the library cannot read, and lets it wait.
  const failed = new Promise<never>((_, reject) => {
    client.on('error', reject);
  });
  failed.catch(() => {});
  try {
    await Promise.race([client.connect(), failed]);
    return { client, failed };
  } catch (error) {
    client.destroy();
    throw startError(error, nameOf(settings.url));
  }
}

/** The reply to `CONFIG GET`, in the two forms of the protocol. */
const fsyncSchema = v.union([
  v.pipe(
    v.tuple([v.string(), v.string()]),
    v.transform(([, value]) => value),
  ),
  v.pipe(
    v.object({ appendfsync: v.string() }),
    v.transform(({ appendfsync }) => appendfsync),
  ),
]);

/** Refuses a Redis that is not fit. */
async function look(
  client: Asked,
  name: string,
): Promise<{ fields: RedisInfo; warnings: string[] }> {
  const fields = parseInfo(v.parse(v.string(), await client.sendCommand(['INFO'])));
  refuseUnfit(fields, name);
  const appendfsync = await client
    .sendCommand(['CONFIG', 'GET', 'appendfsync'])
    .then(v.parser(fsyncSchema))
    // Who runs Redis for others mostly forbids it.
    .catch(() => undefined);
  return { fields, warnings: warningsOf(fields, appendfsync, name) };
}

/** Connects for as long as it takes, and again whenever that ends. */
function connect(settings: Settings, longestWaitMs: number) {
  const client = settings.isCluster
    ? clusterClient(settings, longestWaitMs)
    : plainClient(settings, longestWaitMs);
  let lastError = 'not connected yet';
  let isClosed = false;
  const underWay = new Set<Promise<unknown>>();
  const noteError = (error: unknown) => {
    lastError = reasonOf(error);
  };
  client.on('error', noteError);
  client.on('node-error', noteError);

  const line = createRedisLine({
    nodes: nodesOf(client, () => lastError),
    time: settings.time,
    commandTimeoutMs: settings.commandTimeoutMs,
    onWrongType: settings.onWrongType,
  });

  /** Calls are refused after `close`, which waits for those before. */
  function call<Result>(begin: () => Promise<Result>): Promise<Result> {
    if (isClosed) return Promise.reject(new LogUnavailableError('the connection is closed'));
    const result = begin();
    const settled = result.then(
      () => {},
      () => {},
    );
    underWay.add(settled);
    void settled.then(() => underWay.delete(settled));
    return result;
  }

  const connection: RedisConnection = {
    send: (key, ...args) => call(() => line.send(key, ...args)),
    sendAll: (commands, wait) => call(() => line.sendAll(commands, wait)),
    async another(waitMs = 0) {
      const other = connect(settings, waitMs);
      await other.opened;
      return other.connection;
    },
    subscriber: () => {
      const subscriber = settings.isCluster ? clusterClient(settings, 0) : plainClient(settings, 0);
      subscriber.on('error', () => {});
      return subscriber;
    },
    async close() {
      isClosed = true;
      await Promise.all(underWay);
      client.destroy();
    },
  };
  const opened: Promise<unknown> = client.connect();
  // Whoever waits for it hears of it; it fails only by `close`.
  opened.catch(() => {});
  return { connection, opened, masters: () => mastersOf(client) };
}

/** The nodes that take messages, if it is a cluster. */
function mastersOf(client: PlainClient | ClusterClient): { name: string; client: Asked }[] {
  if (!('slots' in client)) return [];
  return client.masters.flatMap(({ address, client: node }) =>
    node ? [{ name: `Redis at ${address}`, client: node }] : [],
  );
}

function nodesOf(client: PlainClient | ClusterClient, lastError: () => string): RedisNodes {
  if (!('slots' in client)) {
    return {
      nodeOf: () => client,
      follow: (_, args) => client.sendCommand([...args]),
      lastError,
    };
  }
  return {
    nodeOf: (key) => client.slots[hashSlot(key)]?.master.client,
    follow: (key, args) => client.sendCommand(key, false, [...args]),
    lastError,
  };
}

function plainClient(settings: Omit<Settings, 'isCluster'>, longestWaitMs: number) {
  return createClient({
    ...clientOptions(settings),
    url: settings.url,
    socket: socketOptions(settings, longestWaitMs),
  });
}

function clusterClient(settings: Omit<Settings, 'isCluster'>, longestWaitMs: number) {
  const { username, password } = new URL(settings.url);
  return createCluster({
    rootNodes: [{ url: settings.url }],
    defaults: {
      ...clientOptions(settings),
      ...(username && { username: decodeURIComponent(username) }),
      ...(password && { password: decodeURIComponent(password) }),
      socket: socketOptions(settings, longestWaitMs),
    },
    topologyRefreshOnReconnectionAttemptStrategy: topologyRefreshMs,
  });
}

function socketOptions(
  { url, random, commandTimeoutMs }: Omit<Settings, 'isCluster'>,
  longestWaitMs: number,
) {
  const common = {
    connectTimeout: connectTimeoutMs,
    // Where nothing moves for so long, a ping was not answered.
    socketTimeout: 2 * commandTimeoutMs + longestWaitMs,
    reconnectStrategy: (tries: number) => backoffMs(tries, random),
  };
  return new URL(url).protocol === 'rediss:' ? { ...common, tls: true as const } : common;
}

function backoffMs(tries: number, random: Random): number {
  const longest = Math.min(longestBackoffMs, firstBackoffMs * 2 ** Math.min(tries, 10));
  return Math.round((longest / 2) * (1 + random()));
}

const clientOptions = ({ commandTimeoutMs }: Omit<Settings, 'isCluster'>) =>
  ({
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: 'disabled',
    commandsQueueMaxLength: maxCommands,
    pingInterval: commandTimeoutMs,
    // `RedisLine` has its own, which ends with the answer and not with the writing.
    commandOptions: { timeout: 0 },
  }) as const;
