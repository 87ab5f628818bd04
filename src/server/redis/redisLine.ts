/**
 * Sends commands to Redis and never waits for long: what cannot be sent now is refused, what is not answered
 * in time is given up, and nothing is queued for a Redis that is away or silent. The client library connects
 * again by itself; it gives no time to a command once that was written, so this does.
 */
import type { Time } from '../../connection/ports';
import { LogUnavailableError } from '../log/log';
import { asUnavailable, RedisSlowError, replyCode, wrongType } from './redisErrors';

/** A connection to one node, as far as it is used here. */
export interface NodeClient {
  readonly isReady: boolean;
  sendCommand(args: readonly string[]): Promise<unknown>;
}

/** Where the nodes are. */
export interface RedisNodes {
  /** The connection to the node that has `key`; undefined if that is not known. */
  nodeOf(key: string): NodeClient | undefined;
  /** Sends a command to where the cluster says that the key has moved, and learns that. */
  follow(key: string, args: readonly string[]): Promise<unknown>;
  /** Why there was no connection, the last time. */
  lastError(): string;
}

export interface RedisCommand {
  /** One of the keys that it touches, which are all on one node. */
  key: string;
  args: readonly string[];
}

/** How many replicas have to have it, and how long they are waited for, in ms. */
export interface ReplicaWait {
  replicas: number;
  timeoutMs: number;
}

export interface RedisLine {
  /**
   * Sends a command. Rejects with `LogUnavailableError` when it may succeed later, and then it may have been
   * done nevertheless.
   */
  send(key: string, ...args: string[]): Promise<unknown>;
  /**
   * Sends several in one go; those to one node are done there in order. With `wait`, each succeeds only if
   * so many replicas had it in time; it may be done all the same.
   */
  sendAll(
    commands: readonly RedisCommand[],
    wait?: ReplicaWait,
  ): Promise<PromiseSettledResult<unknown>[]>;
}

export interface RedisLineOptions {
  nodes: RedisNodes;
  time: Time;
  /** How long Redis may take to answer, in ms. */
  commandTimeoutMs: number;
  /** Told of each command that found something of another type than it works on: with its first key. */
  onWrongType?: ((key: string) => void) | undefined;
}

export function createRedisLine(options: RedisLineOptions): RedisLine {
  const { nodes, time, commandTimeoutMs, onWrongType } = options;
  /**
   * Nodes that owe an answer for too long. Each is sent nothing more until it answers, or until its connection
   * ends, which the library sees to when nothing moves on it.
   */
  const silent = new Set<NodeClient>();

  function ask(node: NodeClient | undefined, args: readonly string[], timeoutMs: number) {
    if (!node?.isReady) return unavailable(`Redis is away: ${nodes.lastError()}`);
    if (silent.has(node)) return Promise.reject(new RedisSlowError('Redis does not answer'));
    return new Promise<unknown>((resolve, reject) => {
      const cancel = time.after(timeoutMs, () => {
        silent.add(node);
        reject(new RedisSlowError(`Redis did not answer in ${timeoutMs} ms`));
      });
      const heard = () => {
        cancel();
        silent.delete(node);
      };
      node.sendCommand(args).then(
        (reply) => {
          heard();
          resolve(reply);
        },
        (error: unknown) => {
          heard();
          reject(error);
        },
      );
    });
  }

  /** What has moved to another node is sent there, once. */
  async function settle(
    { key, args }: RedisCommand,
    asked: Promise<unknown>,
    waited: Promise<void> | undefined,
  ): Promise<unknown> {
    try {
      const reply = await asked;
      await waited;
      return reply;
    } catch (error) {
      const code = replyCode(error);
      if (code === wrongType) onWrongType?.(key);
      if (code !== 'MOVED' && code !== 'ASK') throw asUnavailable(error);
      const reply = await nodes.follow(key, args).catch((failure: unknown) => {
        throw asUnavailable(failure);
      });
      // No replica of that node was waited for: sent again, it will be.
      if (waited) throw new LogUnavailableError('the room has just moved to another Redis');
      return reply;
    }
  }

  async function waitFor(node: NodeClient, { replicas, timeoutMs }: ReplicaWait): Promise<void> {
    const args = ['WAIT', String(replicas), String(timeoutMs)];
    const reached = await ask(node, args, commandTimeoutMs + timeoutMs);
    if (Number(reached) >= replicas) return;
    throw new LogUnavailableError(
      `${reached} of ${replicas} replicas have it (REDIS_REPLICAS asks for ${replicas})`,
    );
  }

  async function sendAll(commands: readonly RedisCommand[], wait?: ReplicaWait) {
    const timeoutMs = commandTimeoutMs + (wait?.timeoutMs ?? 0);
    const asked = commands.map((command) => {
      const node = nodes.nodeOf(command.key);
      const reply = ask(node, command.args, timeoutMs);
      // It is looked at only below.
      reply.catch(() => {});
      return { command, node, reply };
    });
    // Behind all commands on the same connection: so it covers them.
    const waits = new Map<NodeClient | undefined, Promise<void>>();
    for (const { node } of asked) {
      if (!wait || !node || waits.has(node)) continue;
      const waited = waitFor(node, wait);
      waited.catch(() => {});
      waits.set(node, waited);
    }
    return Promise.allSettled(
      asked.map(({ command, node, reply }) => settle(command, reply, waits.get(node))),
    );
  }

  return {
    sendAll,
    async send(key, ...args) {
      const [result] = await sendAll([{ key, args }]);
      if (result?.status === 'fulfilled') return result.value;
      throw result?.reason;
    },
  };
}

const unavailable = (reason: string): Promise<never> =>
  Promise.reject(new LogUnavailableError(reason));
