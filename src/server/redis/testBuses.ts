/**
 * Buses on a real Redis, as the gateways of one chat that a test has: with leases so short that a test sees
 * their end, and each can be cut off from Redis as by a dead host, or stand still as a paused process.
 */
import { randomUUID } from 'node:crypto';
import { onTestFinished, vi } from 'vitest';
import { type Cancel, systemTime, type Time } from '../../connection/ports';
import type { Position } from '../../protocol/message';
import { LogUnavailableError } from '../log/log';
import { redisKeys } from './keys';
import { openRedis, type RedisConnection } from './redisClient';
import { openRedisCluster, type RedisCluster, type RedisClusterOptions } from './redisCluster';
import { openRedisLog } from './redisLog';

export interface TestBus {
  readonly cluster: RedisCluster;
  readonly errors: unknown[];
  /** Which leases this one has swept. */
  readonly reaped: string[];
  /** What was seen of the log, by room. */
  readonly seen: Map<string, Position>;
  readonly troubles: string[];
  /** How often there was a line again. */
  returns: number;
  /** How many timers are armed. */
  readonly armed: number;
  /** Cut off from Redis without a goodbye: all its connections break, and none comes back until `rejoin`. */
  cutOff(): void;
  rejoin(): void;
  /** From now on nothing is done that waits for time, until `resume`: as in a process that stands still. */
  freeze(): void;
  resume(): void;
  stop(): Promise<void>;
}

/** Short enough to be waited for, and longer than a busy machine stands still. */
const lease = { leaseMs: 3_000, renewMs: 500 };
/** Redis answers as soon as it can: only what a test lets wait may take this long. */
const ampleTimeoutMs = 10_000;

export interface TestBusOptions extends Partial<RedisClusterOptions> {
  /** How long Redis may take to answer, in ms. */
  answerMs?: number;
}

let chats = 0;

const author = { id: 'author', name: 'Author' };

/** A chat of its own in the Redis. */
export function testChat({ url }: { url: string }) {
  chats += 1;
  const keys = redisKeys(`test${process.pid}-${chats}:`);
  let gateways = 0;
  const connect = (commandTimeoutMs: number) =>
    openRedis({ url, time: systemTime, random: Math.random, commandTimeoutMs });

  async function open(given: TestBusOptions = {}): Promise<TestBus> {
    const { answerMs = ampleTimeoutMs, ...options } = given;
    gateways += 1;
    const gateway = `gateway-${gateways}`;
    const connection = await connect(answerMs);
    const { severed, cutOff, rejoin, end } = severable(connection);
    const time = freezable(systemTime);
    const bus: Omit<TestBus, 'cluster'> = {
      ...{ errors: [], reaped: [], seen: new Map(), troubles: [], returns: 0 },
      ...{ cutOff, rejoin, freeze: time.freeze, resume: time.resume },
      get armed() {
        return time.armed.size;
      },
      async stop() {
        await cluster.stop();
        await end();
      },
    };
    onTestFinished(() => bus.stop());
    const cluster = await openRedisCluster({
      ...{ gateway, connection: severed, keys },
      ...{ time: time.time, random: Math.random },
      noteSeen: (room, place) => bus.seen.set(room, place),
      ...{ holdSeen() {}, releaseSeen() {} },
      onError: (error) => bus.errors.push(error),
      onReaped: (lease) => bus.reaped.push(lease),
      onTrouble: (reason) => bus.troubles.push(reason),
      onReturn() {
        bus.returns += 1;
      },
      ...{ lease, timeoutMs: answerMs },
      stopMs: 1_000,
      ...options,
    });
    return Object.assign(bus, { cluster });
  }

  return {
    keys,
    open,
    /** Appends to the log, whose script tells that on the room's channel. */
    async append(room: string, ...bodies: string[]) {
      const connection = await connect(ampleTimeoutMs);
      const log = await openRedisLog({ connection, keys, newId: randomUUID });
      for (const body of bodies) {
        await log.append({ room, from: author, id: randomUUID(), mid: randomUUID(), body, at: 1 });
      }
      await log.close();
      await connection.close();
    },
  };
}

/** The same connection, which can be cut. */
function severable(connection: RedisConnection) {
  let isCut = false;
  const subscribers: ReturnType<RedisConnection['subscriber']>[] = [];
  const whileJoined = <T>(call: () => Promise<T>) =>
    isCut ? Promise.reject(new LogUnavailableError('cut off')) : call();
  const severed: RedisClusterOptions['connection'] = {
    send: (key, ...args) => whileJoined(() => connection.send(key, ...args)),
    sendAll: (commands, wait) => whileJoined(() => connection.sendAll(commands, wait)),
    subscriber() {
      if (isCut) throw new Error('cut off');
      const subscriber = connection.subscriber();
      subscribers.push(subscriber);
      return subscriber;
    },
  };
  return {
    severed,
    cutOff() {
      isCut = true;
      for (const subscriber of subscribers.splice(0)) {
        subscriber.destroy();
        subscriber.emit('error', new Error('cut off'));
      }
    },
    rejoin() {
      isCut = false;
    },
    end: () => connection.close(),
  };
}

/** Time in which what falls due waits while it is frozen. */
function freezable(time: Time) {
  let isFrozen = false;
  let waiting: (() => void)[] = [];
  const armed = new Set<() => void>();
  const frozenTime: Time = {
    now: time.now,
    after(delayMs, callback): Cancel {
      let isCancelled = false;
      const fire = () => {
        if (isCancelled) return;
        if (isFrozen) return void waiting.push(fire);
        armed.delete(fire);
        callback();
      };
      armed.add(fire);
      const cancel = time.after(delayMs, fire);
      return () => {
        isCancelled = true;
        armed.delete(fire);
        cancel();
      };
    },
  };
  return {
    armed,
    time: frozenTime,
    freeze() {
      isFrozen = true;
    },
    resume() {
      isFrozen = false;
      const due = waiting;
      waiting = [];
      for (const fire of due) fire();
    },
  };
}

/** What has to come is waited for, however slow the machine. */
export const come = (check: () => void | Promise<void>) =>
  vi.waitFor(check, { timeout: 15_000, interval: 10 });
