/**
 * This gateway's lease: what it has in Redis counts while that lives. It is renewed from time to time, and
 * with each renewal all leases are read: whose has ended is dead. A lease that was lost, as this process was
 * paused or Redis has lost its data, is never taken up again: another one is taken, and all is written
 * anew under that. So nobody can mistake what is left of the old one for the new.
 *
 * A gateway that dies is gone for every other within `leaseMs` and one `renewMs` more, plus the time of one
 * command. By the time of Redis: the clocks of gateways need not agree.
 */
import * as v from 'valibot';
import type { Cancel, Random, Time } from '../../connection/ports';
import { LogUnavailableError } from '../log/log';
import type { RedisKeys } from './keys';
import type { KnownLeases } from './knownLeases';
import type { RedisLine } from './redisLine';
import { defineScript, runScript } from './scripts';

export interface LeaseTimings {
  /** How long a lease lives, in ms. */
  leaseMs: number;
  /** How often it is renewed at least, in ms. */
  renewMs: number;
}

export interface GatewayLeaseOptions extends LeaseTimings {
  gateway: string;
  keys: RedisKeys;
  time: Time;
  random: Random;
  redis: RedisLine;
  known: KnownLeases;
  /** Another lease was taken: nothing is written under it. `former` is the one before it, which may still live. */
  began(former: string | undefined): void;
  renewed(): void;
  /** Leases that were heard of have ended. */
  gone(leases: readonly string[]): void;
  /** What was written under these leases is to be taken away, by whoever comes first. */
  dead(leases: readonly string[]): void;
  /** Told why it cannot be renewed, once, where that is not just Redis being away. */
  onError(error: unknown): void;
}

export interface GatewayLease {
  /** Undefined while there is none that lives for certain: nothing may be written then. */
  readonly current: string | undefined;
  /** Takes another one, now. */
  takeAnother(): void;
  /** Reads which leases live, for `known`. */
  read(): Promise<void>;
  /** Renews no more, and leaves no timer. The lease, if there is one, goes on until its end. */
  stop(): string | undefined;
}

/** `ARGV`: a lease or '', how long in ms, whether it is new. Leases that end at the same time are all read. */
const renewal = defineScript(`
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local isMine = 0
if ARGV[1] ~= '' then
  local ends = redis.call('ZSCORE', KEYS[1], ARGV[1])
  if ARGV[3] == 'new' or (ends and tonumber(ends) > now) then
    redis.call('ZADD', KEYS[1], string.format('%.0f', now + ARGV[2]), ARGV[1])
    isMine = 1
  end
end
local moment = string.format('%.0f', now)
return {
  isMine,
  redis.call('ZRANGE', KEYS[1], '(' .. moment, '+inf', 'BYSCORE'),
  redis.call('ZRANGE', KEYS[1], '-inf', moment, 'BYSCORE')
}`);

/** `ARGV`: a lease that is listed, and for how long it lives on, in ms. */
const leaving = defineScript(`
local time = redis.call('TIME')
local ends = time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[2]
redis.call('ZADD', KEYS[1], 'XX', string.format('%.0f', ends), ARGV[1])
return 0`);

/** The lease lives on for so long, whatever becomes of its gateway, and is not renewed again. */
export async function leaveLease({
  redis,
  keys,
  lease,
  forMs,
}: Pick<GatewayLeaseOptions, 'redis' | 'keys'> & { lease: string; forMs: number }) {
  const args = [lease, String(Math.ceil(forMs))];
  await runScript(redis, { script: leaving, keys: [keys.gateways()], args });
}

const answerSchema = v.tuple([v.number(), v.array(v.string()), v.array(v.string())]);

/** How much sooner than that a lease may be renewed, so that gateways that began together do not stay so. */
const jitter = 0.2;
/** After how long what failed is tried again at most, in ms: well before the lease ends. */
const retryMs = 1_000;

export function createGatewayLease(options: GatewayLeaseOptions): GatewayLease {
  const { gateway, keys, time, random, redis, known, leaseMs, renewMs } = options;
  const { began, renewed, gone, dead, onError } = options;
  /** How many were taken, or tried to be. */
  let leases = 0;
  let lease: { id: string; untilMs: number } | undefined;
  /** The one that was lost last. */
  let former: string | undefined;
  /** Why it could not be renewed, as was last told. */
  let trouble: string | undefined;
  let isAsking = false;
  let isAskedAgain = false;
  let isStopped = false;
  let cancelRenewal: Cancel | undefined;

  async function ask(id: string, isNew: boolean) {
    const reading = known.beginReading();
    const answer = await runScript(redis, {
      script: renewal,
      keys: [keys.gateways()],
      args: [id, String(leaseMs), isNew ? 'new' : 'renew'],
    });
    const [isMine, alive, ended] = v.parse(answerSchema, answer);
    if (!isStopped) gone(reading.finish(alive));
    return { isMine: isMine === 1, ended };
  }

  function lose() {
    former = lease?.id ?? former;
    lease = undefined;
  }

  function tellOnce(error: unknown) {
    if (error instanceof LogUnavailableError || trouble === String(error)) return;
    trouble = String(error);
    onError(error);
  }

  async function renewOnce(): Promise<void> {
    cancelRenewal?.();
    const mine = lease;
    if (!mine) leases += 1;
    const id = mine?.id ?? `${gateway}.${leases}`;
    const askedAtMs = time.now();
    try {
      const { isMine, ended } = await ask(id, !mine);
      trouble = undefined;
      // Where another was asked for meanwhile, this one counts no more.
      if (isStopped || lease !== mine || (isAskedAgain && !mine)) return;
      if (isMine) {
        lease = { id, untilMs: askedAtMs + leaseMs };
        if (mine) renewed();
        else began(former);
      } else {
        lose();
        isAskedAgain = true;
      }
      if (ended.length > 0) dead(ended);
      renewIn(renewMs * (1 - jitter * random()));
    } catch (error) {
      tellOnce(error);
      renewIn(Math.min(renewMs / 4, retryMs) * (1 - jitter * random()));
    }
  }

  function renewIn(delayMs: number) {
    cancelRenewal?.();
    if (!isStopped) cancelRenewal = time.after(delayMs, () => void renew());
  }

  async function renew(): Promise<void> {
    if (isAsking) {
      isAskedAgain = true;
      return;
    }
    isAsking = true;
    do {
      isAskedAgain = false;
      await renewOnce();
    } while (isAskedAgain && !isStopped);
    isAsking = false;
  }

  return {
    get current() {
      return lease && time.now() < lease.untilMs ? lease.id : undefined;
    },
    takeAnother() {
      if (isStopped) return;
      lose();
      void renew();
    },
    async read() {
      await ask('', false);
    },
    stop() {
      isStopped = true;
      cancelRenewal?.();
      lose();
      return former;
    },
  };
}
