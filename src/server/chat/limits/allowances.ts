/**
 * How much a client may do, counted in credits: by connection, by user and by address at once. What each
 * frame costs is one table, and so is what each of the three may spend. Who spends more is not read for
 * a while: the line itself then slows it down, nothing is lost, and nobody else notices.
 */
import type { Cancel, Time } from '../../../connection/ports';
import type { ClientFrame } from '../../../protocol/frames';
import { type Rate, TokenBucket } from './tokenBucket';

export interface Allowances {
  readonly connection: Rate;
  /** All connections of one user together. */
  readonly user: Rate;
  /** All connections from one address together: many people may be behind one. */
  readonly address: Rate;
  readonly connectionsPerUser: number;
  /** Pieces of files, by all connections of one user together. Texts never wait for them. */
  readonly pieces: Rate;
}

/** 40 messages a second by one connection, 200 at once: an outbox after an outage, but no flood. */
export const defaultAllowances: Allowances = {
  connection: { perSecond: 200, burst: 1_000 },
  user: { perSecond: 400, burst: 2_000 },
  address: { perSecond: 2_000, burst: 20_000 },
  connectionsPerUser: 50,
  // 10 MiB a second, 64 MiB at once.
  pieces: { perSecond: 640, burst: 4_096 },
};

const unlimited: Rate = { perSecond: Number.POSITIVE_INFINITY, burst: Number.POSITIVE_INFINITY };

/** For measuring, and for who has limits elsewhere. */
export const noAllowances: Allowances = {
  connection: unlimited,
  user: unlimited,
  address: unlimited,
  connectionsPerUser: Number.POSITIVE_INFINITY,
  pieces: unlimited,
};

/** Debt, in ms, at which a connection is closed: only a single message can bring it there. */
export const maxDebtMs = 10_000;

/** How long a neighbour, or another connection of the user, can hold up a client with each frame, in ms. */
export const mostSharedDebtMs = 1_000;

/** What a frame costs that asks for no more than an answer, readable or not. */
export const plainCost = 1;

/** What asks for the disk, a signature or everybody's attention costs more. */
const costs: Partial<Record<ClientFrame['t'], number>> = {
  auth: 10,
  refresh: 10,
  signout: 20,
  push: 10,
  unpush: 10,
  send: 5,
  join: 5,
  sync: 5,
  history: 5,
  typing: 2,
  stream: 2,
  read: 2,
  watch: 5,
  search: 20,
  upload: 10,
  unupload: 5,
  link: 5,
};

/** Of each room that is watched the end is read, and how far the user has read it. */
const costPerWatchedRoom = 2;

/** A KiB on the wire costs this much. */
const costPerKiB = 1;

export function costOf(frame: ClientFrame): number {
  const cost = costs[frame.t] ?? plainCost;
  // Each room that is resumed is read like one that is joined.
  if (frame.t === 'auth') return cost + frame.resume.length * (costs.join ?? plainCost);
  return frame.t === 'watch' ? cost + frame.rooms.length * costPerWatchedRoom : cost;
}

/** What costs no more than an answer is not held against user or address: hearts beat on. */
export const isShared = (cost: number): boolean => cost >= sharedCost;

const sharedCost = 5;

/** So many bytes of a file cost one credit for pieces; a smaller one does, too. */
const pieceBytesPerCredit = 16 * 1_024;

export const costOfPiece = (length: number): number =>
  Math.max(plainCost, length / pieceBytesPerCredit);

export const costOfLength = (length: number): number => (length / 1_024) * costPerKiB;

/** Buckets by key, each remembered for as long as something is owed to it, connected or not. */
export interface KeyedBuckets {
  /** Takes `cost` from the bucket of `key`: how long it is then in debt, in ms. */
  take(key: string, cost: number): number;
  /** Takes `cost` only if it is there: says whether it was. */
  tryTake(key: string, cost: number): boolean;
  readonly size: number;
  /** Forgets all, and leaves no timer. */
  clear(): void;
}

/** How often buckets that are full are forgotten, in ms. */
export const sweepEveryMs = 10_000;

export function createKeyedBuckets(rate: Rate, time: Time): KeyedBuckets {
  const buckets = new Map<string, TokenBucket>();
  let cancelSweep: Cancel | undefined;

  function sweep() {
    cancelSweep = undefined;
    for (const [key, bucket] of buckets) {
      if (bucket.isFull(time.now())) buckets.delete(key);
    }
    if (buckets.size > 0) cancelSweep = time.after(sweepEveryMs, sweep);
  }

  function bucketOf(key: string): TokenBucket {
    const known = buckets.get(key);
    if (known) return known;
    const bucket = new TokenBucket(rate, time.now());
    buckets.set(key, bucket);
    cancelSweep ??= time.after(sweepEveryMs, sweep);
    return bucket;
  }

  return {
    take(key, cost) {
      if (rate.perSecond === Number.POSITIVE_INFINITY) return 0;
      return bucketOf(key).take(cost, time.now(), mostSharedDebtMs);
    },
    tryTake(key, cost) {
      if (rate.perSecond === Number.POSITIVE_INFINITY) return true;
      return bucketOf(key).tryTake(cost, time.now());
    },
    get size() {
      return buckets.size;
    },
    clear() {
      cancelSweep?.();
      cancelSweep = undefined;
      buckets.clear();
    },
  };
}
