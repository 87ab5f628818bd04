/**
 * Buses on a real Redis, as the gateways of one chat that a test has: with leases so short that a test sees
 * their end, and each can be cut off from Redis as by a dead host, or stand still as a paused process.
 */
import { onTestFinished, vi } from 'vitest';
import { type Cancel, systemTime, type Time } from '../../connection/ports';
import type { Position } from '../../protocol/frames';
import { LogUnavailableError } from '../log/log';
import { appendedNews } from './busMessages';
import { redisKeys } from './keys';
import { openRedis, type RedisConnection } from './redisClient';
import { openRedisCluster, type RedisCluster, type RedisClusterOptions } from './redisCluster';

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
  /** Ends without a goodbye: all its connections break, and none comes back. */
  die(): void;
  /** From now on nothing is done that waits for time, until `resume`: as in a process that stands still. */
  freeze(): void;
  resume(): void;
  stop(): Promise<void>;
}

export const leaseMs = 1_000;
export const renewMs = 300;

let chats = 0;

/** A chat of its own in the Redis. */
export function testChat({ url }: { url: string }) {
  chats += 1;
  const keys = redisKeys(`test${process.pid}-${chats}:`);
  let gateways = 0;

  async function open(options: Partial<RedisClusterOptions> = {}): Promise<TestBus> {
    gateways += 1;
    const gateway = `gateway-${gateways}`;
    const connection = await openRedis({ url, time: systemTime, random: Math.random });
    const { given, die, end } = mortal(connection);
    const time = freezable(systemTime);
    const bus: Omit<TestBus, 'cluster'> = {
      ...{ errors: [], reaped: [], seen: new Map(), troubles: [], returns: 0 },
      ...{ die, freeze: time.freeze, resume: time.resume },
      async stop() {
        await cluster.stop();
        await end();
      },
    };
    onTestFinished(() => bus.stop());
    const cluster = await openRedisCluster({
      ...{ gateway, connection: given, keys },
      ...{ time: time.time, random: Math.random },
      noteSeen: (room, place) => bus.seen.set(room, place),
      onError: (error) => bus.errors.push(error),
      onReaped: (lease) => bus.reaped.push(lease),
      onTrouble: (reason) => bus.troubles.push(reason),
      onReturn() {
        test.returns += 1;
      },
      lease: { leaseMs, renewMs },
      timeoutMs: 2_000,
      stopMs: 1_000,
      ...options,
    });
    const test: TestBus = Object.assign(bus, { cluster });
    return test;
  }

  return {
    keys,
    open,
    /** Says on the room's channel what the script of the log says there. */
    async append(room: string, epoch: string, messages: Parameters<typeof appendedNews>[1]) {
      const connection = await openRedis({ url, time: systemTime, random: Math.random });
      const channel = keys.roomNews(room);
      await connection.send(channel, 'SPUBLISH', channel, appendedNews(epoch, messages));
      await connection.close();
    },
  };
}

/** The same connection, until it dies. */
function mortal(connection: RedisConnection) {
  let isDead = false;
  const subscribers: ReturnType<RedisConnection['subscriber']>[] = [];
  const whileAlive = <T>(call: () => Promise<T>) =>
    isDead ? Promise.reject(new LogUnavailableError('dead')) : call();
  const given: RedisClusterOptions['connection'] = {
    send: (key, ...args) => whileAlive(() => connection.send(key, ...args)),
    sendAll: (commands, wait) => whileAlive(() => connection.sendAll(commands, wait)),
    subscriber() {
      if (isDead) throw new Error('dead');
      const subscriber = connection.subscriber();
      subscribers.push(subscriber);
      return subscriber;
    },
  };
  return {
    given,
    die() {
      isDead = true;
      for (const subscriber of subscribers) subscriber.destroy();
    },
    end: () => connection.close(),
  };
}

/** Time in which what falls due waits while it is frozen. */
function freezable(time: Time) {
  let isFrozen = false;
  let waiting: (() => void)[] = [];
  const frozenTime: Time = {
    now: time.now,
    after(delayMs, callback): Cancel {
      let isCancelled = false;
      const fire = () => {
        if (isCancelled) return;
        if (isFrozen) waiting.push(fire);
        else callback();
      };
      const cancel = time.after(delayMs, fire);
      return () => {
        isCancelled = true;
        cancel();
      };
    },
  };
  return {
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
