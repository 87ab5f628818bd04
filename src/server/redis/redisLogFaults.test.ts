/** What the log on Redis does when Redis cannot do what it should. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createFaultProxy } from '../../e2e/support/faultProxy';
import { startRedis } from '../../e2e/support/redis';
import { createManualTime } from '../../testing/manualTime';
import { draftOf } from '../log/draftOf';
import {
  type Appended,
  type Draft,
  LogUnavailableError,
  type MessageLog,
  RoomUnavailableError,
} from '../log/log';
import type { RedisOptions } from './redisClient';
import { openRedisLog, type RedisLog } from './redisLog';
import { connectTo, newId, ownKeys } from './testRedis';

/** Several processes are waited for one after the other, on a machine that may be busy. */
const timeout = 60_000;

const ample = { messages: 10_000, length: 10_000_000 };
/** How long what has to come is waited for at most. */
const patience = { timeout: 15_000, interval: 20 };

async function openLog(redis: { url: string }, options: Partial<RedisOptions> = {}) {
  const connection = await connectTo(redis, options);
  return openRedisLog({ connection, keys: ownKeys(), newId });
}

const failureOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  );

async function expectRefused(calls: Promise<unknown>[], reason: RegExp): Promise<void> {
  for (const failure of await Promise.all(calls.map(failureOf))) {
    expect(failure).toBeInstanceOf(LogUnavailableError);
    expect(failure).toMatchObject({ message: expect.stringMatching(reason) });
  }
}

const everyCall = (log: MessageLog) => [
  log.append(draftOf()),
  log.head('tea'),
  log.textsUpTo('tea', 3),
  log.after('tea', 0, ample),
  log.before('tea', 9, ample),
  log.check(),
];

/** Appends it again and again until it is answered. */
async function appendAtLast(log: MessageLog, draft: Draft): Promise<Appended> {
  let answer: Appended | undefined;
  await expect
    .poll(async () => {
      answer = await log.append(draft).catch(() => undefined);
      return answer;
    }, patience)
    .toBeDefined();
  return answer ?? expect.fail('no answer');
}

describe('while Redis is away', { timeout }, () => {
  it('every call is refused at once, and works again by itself when it is back', async () => {
    const redis = await startRedis();
    // No time passes: what is refused is not refused for lateness.
    const log = await openLog(redis, { time: createManualTime() });
    const first = await log.append(draftOf());
    await redis.kill();
    await expect.poll(() => failureOf(log.check()), patience).toBeInstanceOf(LogUnavailableError);
    await expectRefused(everyCall(log), /^Redis is away: /);
    await expectRefused(
      Array.from({ length: 1_000 }, () => log.append(draftOf())),
      /^Redis is away: /,
    );
    await redis.start();
    expect(await appendAtLast(log, draftOf())).toMatchObject({ epoch: first.epoch, seq: 2 });
    await log.check();
  });

  it('what was under way is refused, and its id gets its answer once it is back', async () => {
    const redis = await startRedis();
    const log = await openLog(redis);
    const first = await log.append(draftOf());
    await redis.pause();
    const draft = draftOf();
    const failure = failureOf(log.append(draft));
    await redis.kill();
    expect(await failure).toBeInstanceOf(LogUnavailableError);
    await redis.start();
    expect(await appendAtLast(log, draft)).toMatchObject({ epoch: first.epoch, seq: 2 });
  });

  it('nothing that was acknowledged is lost, whenever it is killed', async () => {
    const redis = await startRedis();
    const log = await openLog(redis);
    const acknowledged = new Map<Draft, Appended>();
    const failed: Draft[] = [];
    let killed: Promise<void> | undefined;
    const drafts = Array.from({ length: 2_000 }, () => draftOf());
    const writers = Array.from({ length: 20 }, async (_, writer) => {
      for (const draft of drafts.filter((__, index) => index % 20 === writer)) {
        try {
          acknowledged.set(draft, await log.append(draft));
        } catch {
          failed.push(draft);
        }
        if (acknowledged.size === 700) killed ??= redis.kill();
      }
    });
    await Promise.all(writers);
    await killed;
    expect(failed.length).toBeGreaterThan(0);
    await redis.start();
    const [next = draftOf()] = failed;
    await appendAtLast(log, next);
    const again = failed.map(async (draft) => acknowledged.set(draft, await log.append(draft)));
    await Promise.all(again);
    const { messages } = await log.after('tea', 0, ample);
    expect(messages).toHaveLength(drafts.length);
    for (const [{ id, mid }, answer] of acknowledged) {
      expect(messages[answer.seq - 1]).toMatchObject({ id, mid: answer.mid });
      if (!answer.dup) expect(answer.mid).toBe(mid);
    }
  });
});

describe('while Redis does not answer', { timeout }, () => {
  it('a call waits for so long, the next ones not at all, until it answers again', async () => {
    const redis = await startRedis();
    const time = createManualTime();
    const log = await openLog(redis, { time, commandTimeoutMs: 5_000 });
    const first = await log.append(draftOf());
    await redis.pause();
    const draft = draftOf();
    const failure = failureOf(log.append(draft));
    await expect.poll(() => time.armed, patience).toBe(1);
    time.advance(4_999);
    expect(time.armed).toBe(1);
    time.advance(1);
    expect(await failure).toMatchObject({ message: 'Redis did not answer in 5000 ms' });
    await expectRefused(everyCall(log), /^Redis does not answer$/);
    expect(time.armed).toBe(0);
    redis.resume();
    const { epoch } = first;
    expect(await appendAtLast(log, draft)).toMatchObject({ epoch, seq: 2, dup: true });
  });

  it('the connection is given up when nothing moves on it any more', async () => {
    const redis = await startRedis();
    const proxy = await createFaultProxy(redis.port, Math.random);
    onTestFinished(() => proxy.close());
    const url = `redis://127.0.0.1:${proxy.port}`;
    const log = await openLog({ url }, { commandTimeoutMs: 500 });
    await appendAtLast(log, draftOf({ id: 'first' }));
    const before = proxy.connections;
    proxy.fail({ kind: 'black hole' });
    await expect.poll(() => failureOf(log.check()), patience).toBeInstanceOf(LogUnavailableError);
    // Those that were open stay silent for ever.
    proxy.fail({ kind: 'none' });
    await appendAtLast(log, draftOf());
    expect(proxy.connections).toBeGreaterThan(before);
  });
});

describe('what Redis refuses', { timeout }, () => {
  async function opened() {
    const redis = await startRedis();
    const log = await openLog(redis);
    await log.append(draftOf());
    return { redis, log };
  }

  async function expectOnlyReads(log: RedisLog, reason: RegExp) {
    await expectRefused([log.append(draftOf()), log.append(draftOf()), log.check()], reason);
    expect(await log.head('tea')).toMatchObject({ seq: 1 });
    expect((await log.after('tea', 0, ample)).messages).toHaveLength(1);
  }

  it('for want of memory is refused, nothing is half done, and reading goes on', async () => {
    const { redis, log } = await opened();
    await redis.command('CONFIG', 'SET', 'maxmemory', '1');
    await expectOnlyReads(log, /^Redis: OOM /);
    await redis.command('CONFIG', 'SET', 'maxmemory', '0');
    expect(await log.append(draftOf())).toMatchObject({ seq: 2 });
  });

  it('as it cannot write its file is refused, and reading goes on', async () => {
    const { redis, log } = await opened();
    await mkdir(join(redis.folder, 'dump.rdb'));
    await redis.command('CONFIG', 'SET', 'save', '3600 1');
    await redis.command('BGSAVE');
    await expect
      .poll(() => redis.command('INFO', 'persistence'), patience)
      .toContain('rdb_last_bgsave_status:err');
    await expectOnlyReads(log, /^Redis: MISCONF /);
    await redis.command('CONFIG', 'SET', 'save', '');
    expect(await log.append(draftOf())).toMatchObject({ seq: 2 });
  });

  it('as it is a replica is refused until it is a master', async () => {
    const { redis, log } = await opened();
    const master = await startRedis();
    await redis.command('CONFIG', 'SET', 'replica-read-only', 'yes');
    await master.replicaOf(redis);
    await master.replicaOf(undefined);
    await redis.replicaOf(master);
    await expectOnlyReads(log, /^Redis: READONLY /);
    await redis.replicaOf(undefined);
    expect(await log.append(draftOf())).toMatchObject({ seq: 2 });
  });

  it('for want of replicas is refused', async () => {
    const { redis, log } = await opened();
    await redis.command('CONFIG', 'SET', 'min-replicas-to-write', '1');
    await expectOnlyReads(log, /^Redis: NOREPLICAS /);
    await redis.command('CONFIG', 'SET', 'min-replicas-to-write', '0');
    await log.check();
  });

  it('of one room is no concern of the others in the same go', async () => {
    const redis = await startRedis();
    const connection = await connectTo(redis);
    const keys = ownKeys();
    const failures: (string | undefined)[] = [];
    const log = await openRedisLog({
      connection,
      keys,
      newId,
      onStored: (failure) => failures.push(failure),
    });
    await redis.command('SET', keys.roomLog('broken'), 'no stream');
    const appends = ['tea', 'broken', 'tea'].map((room) => log.append(draftOf({ room })));
    const [one, broken, other] = await Promise.allSettled(appends);
    expect([one, other]).toMatchObject([{ value: { seq: 1 } }, { value: { seq: 2 } }]);
    expect(broken).toMatchObject({ reason: { message: expect.stringContaining('WRONGTYPE') } });
    expect(broken).toMatchObject({ reason: expect.any(RoomUnavailableError) });
    // Nor is the log away for it.
    expect(failures).toEqual([undefined]);
  });
});
