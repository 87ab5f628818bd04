/**
 * The other gateways of the chat, over Redis. What is only news (typing, reads) is told once and lost where
 * Redis is away; that somebody has signed out is told when it is back. Who is there is written under this gateway's lease, and counts while that lives:
 * a gateway that dies is gone for all others within the lease and one renewal (30 s and 10 s by default),
 * plus the time of one command. Whenever the line to Redis was lost, a new lease is taken, everybody here is
 * written and told anew, and every room is read again and may have missed something.
 */
import type { Random, Time } from '../../connection/ports';
import type { Position } from '../../protocol/message';
import type { Cluster } from '../chat/gateways/cluster';
import { LogUnavailableError } from '../log/log';
import { answeredWithin } from './answered';
import { type GatewayNews, goneNews, parseGatewayNews, signedOutNews } from './busMessages';
import { createBusRooms } from './busRooms';
import { createGatewayLease, type LeaseTimings, leaveLease } from './gatewayLease';
import type { RedisKeys } from './keys';
import { KnownLeases } from './knownLeases';
import { createLineKeeper } from './lineKeeper';
import { listeningLine } from './listeningLine';
import { createPresenceEntries } from './presenceEntries';
import { createReaper } from './reaper';
import type { RedisConnection } from './redisClient';
import { createSignOutNews } from './signOutNews';
import { createSubscriptions } from './subscriptions';
import { createUserLineEntries } from './userLineEntries';

export interface RedisClusterOptions {
  /** Names this gateway, in letters, digits, `-` and `_`. No other has it, and none ever had. */
  gateway: string;
  /** Stays open when this is stopped. */
  connection: Pick<RedisConnection, 'send' | 'sendAll' | 'subscriber'>;
  keys: RedisKeys;
  time: Time;
  random: Random;
  /** Told of the last of the messages that were heard of a room. */
  noteSeen(room: string, place: Position): void;
  /** A room is entered: what is seen of its end is needed until `releaseSeen`. */
  holdSeen(room: string): void;
  releaseSeen(room: string): void;
  /** Told of what should not have happened. That Redis is away is no such thing. */
  onError(error: unknown): void;
  /** The line is lost, or part of it; another is opened as soon as may be. */
  onTrouble?(reason: string): void;
  /** There is a line again. */
  onReturn?(): void;
  /** This gateway has taken away what another left behind, which died with that lease. */
  onReaped?(lease: string): void;
  lease?: LeaseTimings;
  /** For how long a room is listened to after it was left, in ms. */
  lingerMs?: number;
  /** Every room may have missed something after that long, in ms; up to twice as long. */
  checkMs?: number;
  /** How long Redis may take to open a line, or to answer on it, in ms. */
  timeoutMs?: number;
  /** How long `stop` may take to say goodbye, in ms. */
  stopMs?: number;
}

export interface RedisCluster extends Cluster {
  /**
   * Leaves no timer and no socket. Who is there by this gateway is so for `returnMs` more, as they may come back to
   * another; without it, all of it is taken away and the others are told.
   */
  stop(returnMs?: number): Promise<void>;
}

const defaults = {
  lease: { leaseMs: 30_000, renewMs: 10_000 },
  lingerMs: 30_000,
  checkMs: 20_000,
  timeoutMs: 2_000,
  stopMs: 5_000,
};
/** So much news may wait for Redis; what comes beyond is dropped. */
const maxNewsUnderWay = 1_000;

/** Rejects with the reason if Redis cannot be listened to now. */
export async function openRedisCluster(given: RedisClusterOptions): Promise<RedisCluster> {
  const options = { ...defaults, ...given };
  const {
    gateway,
    connection: redis,
    keys,
    time,
    random,
    onError,
    onTrouble,
    onReturn,
    onReaped,
  } = options;
  const known = new KnownLeases();
  const signOutListeners: ((userId: string) => void)[] = [];
  const missedListeners: (() => void)[] = [];
  let newsUnderWay = 0;
  let wasStarted = false;
  let isStopped = false;
  let leaseBegan = () => {};
  const firstLease = new Promise<void>((resolve) => {
    leaseBegan = resolve;
  });

  const isOwn = (lease: string) => lease.startsWith(`${gateway}.`);

  const lease = createGatewayLease({
    ...options.lease,
    ...{ gateway, keys, time, random, redis, known, onError },
    gone: (leases) => rooms.gone(leases),
    began(former) {
      presence.writeAnew();
      lines.writeAnew();
      if (former) void giveUpWhenWritten(former);
      leaseBegan();
      retry();
    },
    renewed: retry,
    dead(leases) {
      // What fails is tried with the next renewal: the lease is still listed then.
      for (const each of leases) reaper.reap(each).catch(() => {});
    },
  });
  const writer = { keys, redis, lease: () => lease.current, onError };
  const presence = createPresenceEntries(writer);
  const lines = createUserLineEntries(writer);
  const reaper = createReaper({
    ...{ keys, redis },
    lockMs: options.lease.leaseMs,
    reaped(ended) {
      if (!isOwn(ended)) onReaped?.(ended);
    },
  });
  const subscriptions = createSubscriptions({
    time,
    lingerMs: options.lingerMs,
    opened(channel) {
      if (channel === keys.gatewayNews()) hearsGateways();
      else rooms.opened(channel);
    },
  });
  const rooms = createBusRooms({
    ...options,
    ...{ presence, subscriptions, known, isOwn, tell, safely },
    readLeases: () => lease.read(),
  });
  const keeper = createLineKeeper({
    open: listeningLine({
      subscriber: () => redis.subscriber(),
      time,
      timeoutMs: options.timeoutMs,
    }),
    ...{ time, random, heard },
    opened(line) {
      rooms.lineLost();
      subscriptions.use(line);
      lease.takeAnother();
      if (wasStarted) onReturn?.();
    },
    troubled: (reason) => onTrouble?.(reason),
  });

  const signOuts = createSignOutNews(async (userId) => {
    const by = lease.current;
    if (!by) throw new LogUnavailableError('there is no lease');
    const channel = keys.gatewayNews();
    await redis.send(channel, 'SPUBLISH', channel, signedOutNews(by, userId));
  });

  /** What could not be done since Redis was away. */
  function retry() {
    signOuts.retry();
    presence.retry();
    lines.retry();
    rooms.retry();
  }

  async function endLease(id: string): Promise<void> {
    // It counts no more, but stays listed until all of it is taken away.
    await redis.send(keys.gateways(), 'ZADD', keys.gateways(), 'XX', '0', id);
    await redis.send(keys.gatewayNews(), 'SPUBLISH', keys.gatewayNews(), goneNews(id));
    await reaper.reap(id);
  }

  /** Everybody is there by the new lease before they are gone by the old one. */
  async function giveUpWhenWritten(former: string): Promise<void> {
    await Promise.all([presence.settled(), lines.settled()]);
    // If it fails, the lease ends by itself.
    if (!isStopped) await endLease(former).catch(() => {});
  }

  function heard(channel: string, text: string) {
    safely(() => {
      if (channel === keys.gatewayNews()) heardOfGateway(parseGatewayNews(text));
      else rooms.heard(channel, text);
    });
  }

  function heardOfGateway(news: GatewayNews | undefined) {
    if (!news || isOwn(news.by)) return;
    if (news.kind === 'gone') {
      known.gone(news.by);
      rooms.gone([news.by]);
    } else for (const listener of signOutListeners) listener(news.userId);
  }

  /** Another line hears them from now on: what was said before has gone by. */
  function hearsGateways() {
    if (!wasStarted) return;
    for (const listener of missedListeners) safely(listener);
  }

  /** What a listener throws must not end the connection that told it. */
  function safely(tell: () => void) {
    try {
      tell();
    } catch (error) {
      onError(error);
    }
  }

  /** Told once, or not at all: false if it is certain that it is not. */
  function tell(channel: string, newsBy: (lease: string) => string): boolean {
    const by = lease.current;
    if (!by || newsUnderWay >= maxNewsUnderWay) return false;
    newsUnderWay += 1;
    redis
      .send(channel, 'SPUBLISH', channel, newsBy(by))
      .catch(() => {})
      .finally(() => {
        newsUnderWay -= 1;
      });
    return true;
  }

  async function isElsewhere(userId: string): Promise<boolean> {
    const others = (await lines.leasesOf(userId)).filter((by) => !isOwn(by));
    if (others.length === 0) return false;
    if (others.some((by) => known.isAlive(by))) return true;
    await lease.read();
    return others.some((by) => known.isAlive(by));
  }

  async function sayGoodbye(current: string | undefined, returnMs: number): Promise<void> {
    await Promise.all([presence.settled(), lines.settled(), rooms.stop()]);
    if (!current) return;
    // Whoever lives takes it all away then.
    if (returnMs > 0) await leaveLease({ redis, keys, lease: current, forMs: returnMs });
    else await endLease(current);
  }

  let stopping: Promise<void> | undefined;
  const stop = (returnMs = 0) => {
    stopping ??= end(returnMs);
    return stopping;
  };

  async function end(returnMs: number): Promise<void> {
    isStopped = true;
    const current = lease.stop();
    // Where it fails, the others find that this gateway is gone by its lease.
    await answeredWithin(sayGoodbye(current, returnMs), time, options.stopMs).catch(() => {});
    reaper.stop();
    subscriptions.clear();
    keeper.stop();
  }

  subscriptions.want(keys.gatewayNews());
  try {
    await keeper.start();
    await answeredWithin(firstLease, time, options.timeoutMs);
    await subscriptions.ready(keys.gatewayNews());
    wasStarted = true;
  } catch (error) {
    await stop();
    throw error;
  }

  return {
    enter: rooms.enter,
    lines: { came: lines.came, left: lines.left, isElsewhere },
    signedOut: signOuts.tell,
    onSignedOut: (listener) => void signOutListeners.push(listener),
    onSignOutsMissed: (listener) => void missedListeners.push(listener),
    stop,
  };
}
