/** A log that has lost its end gets another epoch; one that waits for replicas loses none. */
import { describe, expect, it } from 'vitest';
import { type RedisServer, startRedis } from '../../e2e/support/redis';
import { draftOf } from '../log/draftOf';
import { type Appended, type Draft, LogUnavailableError, type MessageLog } from '../log/log';
import { openRedisLog, type RedisLog, type RedisLogOptions } from './redisLog';
import { parseInfo } from './serverChecks';
import { connectTo, newId, ownKeys } from './testRedis';
import { createSwitch } from './testSwitch';

/** Several processes are waited for one after the other, on a machine that may be busy. */
const timeout = 60_000;

const ample = { messages: 1_000, length: 1_000_000 };
const patience = { timeout: 15_000, interval: 20 };

async function atLast<Result>(call: () => Promise<Result>): Promise<Result> {
  let results: Result[] = [];
  await expect
    .poll(async () => {
      results = await call().then(
        (result) => [result],
        () => [],
      );
      return results;
    }, patience)
    .toHaveLength(1);
  for (const result of results) return result;
  return expect.fail('no answer');
}

async function appendOneByOne(log: MessageLog, drafts: readonly Draft[]): Promise<Appended[]> {
  const answers: Appended[] = [];
  for (const draft of drafts) answers.push(await log.append(draft));
  return answers;
}

const midsOf = async (log: MessageLog) =>
  (await log.after('tea', 0, ample)).messages.map(({ mid }) => mid);

/** Two Redis behind one address, of which the second copies the first, as far as the test lets it. */
async function pair() {
  const [master, replica] = [await startRedis(), await startRedis()];
  await replica.replicaOf(master);
  const address = await createSwitch(master);
  const keys = ownKeys();
  const openLog = async (options: Partial<RedisLogOptions> = {}) =>
    openRedisLog({ connection: await connectTo(address), keys, newId, ...options });
  /** The replica takes over with what it has. */
  async function failOver() {
    await replica.replicaOf(undefined);
    await master.stop();
    address.to(replica);
  }
  return { master, replica, keys, openLog, failOver };
}

/** How far a Redis is in what replicas copy. */
const offsetOf = async (redis: RedisServer, name: 'master_repl_offset' | 'slave_repl_offset') =>
  parseInfo(String(await redis.command('INFO', 'replication'))).get(name);

/** Resolves once the replica has all that the master has. */
async function caughtUp(master: RedisServer, replica: RedisServer): Promise<void> {
  await expect
    .poll(async () => {
      const sought = await offsetOf(master, 'master_repl_offset');
      return (await offsetOf(replica, 'slave_repl_offset')) === sought;
    }, patience)
    .toBe(true);
}

describe('a Redis that was started without its file', { timeout }, () => {
  it('has rooms of another epoch, into which everything may be sent again', async () => {
    const redis = await startRedis();
    const log = await openRedisLog({ connection: await connectTo(redis), keys: ownKeys(), newId });
    const draft = draftOf();
    const first = await log.append(draft);
    await redis.stop();
    await redis.loseFiles();
    await redis.start();
    const end = await atLast(() => log.head('tea'));
    expect(end).toMatchObject({ seq: 0, mid: '', texts: 0 });
    expect(end.epoch).not.toBe(first.epoch);
    const again = await log.append(draft);
    expect(again).toMatchObject({ epoch: end.epoch, seq: 1, dup: false });
  });
});

describe('a replica that takes over', { timeout }, () => {
  it('with all that there was goes on in the same epoch', async () => {
    const { master, replica, openLog, failOver } = await pair();
    const log = await openLog();
    const drafts = [draftOf(), draftOf(), draftOf()];
    const [first] = await appendOneByOne(log, drafts);
    await caughtUp(master, replica);
    await failOver();
    const [repeated = draftOf()] = drafts;
    expect(await atLast(() => log.append(repeated))).toEqual({ ...first, dup: true });
    expect(await log.append(draftOf())).toMatchObject({ epoch: first?.epoch, seq: 4 });
  });

  /** Three messages are on both, two more on the first only. */
  async function staleReplica(options: Partial<RedisLogOptions> = {}) {
    const { master, replica, openLog, failOver } = await pair();
    const [log, other] = [await openLog(), await openLog(options)];
    const kept = await appendOneByOne(log, [draftOf(), draftOf(), draftOf()]);
    await caughtUp(master, replica);
    expect(await other.head('tea')).toMatchObject({ seq: 3 });
    await replica.replicaOf(undefined);
    const lost = [draftOf(), draftOf()];
    const answers = await appendOneByOne(log, lost);
    await failOver();
    return { log, other, kept, lost, answers, epoch: kept[0]?.epoch ?? '' };
  }

  it.each<[string, (log: RedisLog) => Promise<{ epoch: string }>]>([
    ['an append', (log) => log.append(draftOf())],
    ['a look at its end', (log) => log.head('tea')],
    ['a page', (log) => log.after('tea', 5, ample)],
  ])('without the end has another epoch for %s', async (_, call) => {
    const { log, kept, lost, epoch } = await staleReplica();
    const found = await atLast(() => call(log));
    expect(found.epoch).not.toBe(epoch);
    const mids = await midsOf(log);
    expect(mids.slice(0, 3)).toEqual(kept.map(({ mid }) => mid));
    // Whoever wrote them sends them again, under the ids that they had.
    const again = await appendOneByOne(log, lost);
    expect(again.map(({ seq, dup }) => [seq, dup])).toEqual([
      [mids.length + 1, false],
      [mids.length + 2, false],
    ]);
    expect(new Set(again.map((answer) => answer.epoch))).toEqual(new Set([found.epoch]));
  });

  it('is found out even after others have filled up what it lacked', async () => {
    const { log, other, epoch } = await staleReplica();
    // The other gateway has not seen what is lost, and has no reason to doubt.
    const filled = await atLast(() => other.append(draftOf()));
    expect(filled).toMatchObject({ epoch, seq: 4 });
    await appendOneByOne(other, [draftOf(), draftOf()]);
    const end = await atLast(() => log.head('tea'));
    expect(end.seq).toBe(6);
    expect(end.epoch).not.toBe(epoch);
    expect(await other.head('tea')).toEqual(end);
  });

  it('is found out by what was heard of it as well', async () => {
    const { other, answers, epoch } = await staleReplica();
    const [, last] = answers;
    if (last) other.noteSeen('tea', last);
    const { epoch: next } = await atLast(() => other.append(draftOf()));
    expect(next).not.toBe(epoch);
  });

  it('is found out in a room that is held, however many others are used', async () => {
    const { other, answers, epoch } = await staleReplica({ maxSeenRooms: 2 });
    const [, last] = answers;
    other.holdSeen('tea');
    if (last) other.noteSeen('tea', last);
    for (const room of ['a', 'b', 'c']) await atLast(() => other.head(room));
    expect((await other.head('tea')).epoch).not.toBe(epoch);
  });
});

describe('a log that waits for a replica', { timeout }, () => {
  const waiting = (timeoutMs: number) => ({ replicas: 1, replicaTimeoutMs: timeoutMs });

  it('acknowledges what the replica has, and that is there after a failover', async () => {
    const { openLog, failOver } = await pair();
    const log = await openLog(waiting(10_000));
    await log.check();
    const drafts = Array.from({ length: 50 }, () => draftOf());
    const answers = await Promise.all(drafts.map((draft) => log.append(draft)));
    await failOver();
    expect(await atLast(() => midsOf(log))).toEqual(answers.map(({ mid }) => mid));
    expect((await log.head('tea')).epoch).toBe(answers[0]?.epoch);
  });

  it('refuses what no replica has in time, and answers it when one has it', async () => {
    const { replica, openLog } = await pair();
    const log = await openLog(waiting(50));
    await replica.pause();
    const draft = draftOf();
    const calls = [log.append(draft), log.append(draft), log.check()];
    for (const result of await Promise.allSettled(calls)) {
      expect(result).toMatchObject({
        reason: expect.any(LogUnavailableError),
        status: 'rejected',
      });
      expect(String('reason' in result && result.reason)).toContain('0 of 1 replicas have it');
    }
    replica.resume();
    expect(await atLast(() => log.append(draft))).toMatchObject({ seq: 1, dup: true });
    expect(await midsOf(log)).toEqual([draft.mid]);
  });

  // Since Redis 7.2 `WAIT` covers a call only if that wrote something. Those before do not show what it covers.
  it('writes something for what is there already, so that replicas are waited for', async () => {
    const { master, openLog } = await pair();
    await master.command('CONFIG', 'SET', 'repl-ping-replica-period', '3600');
    // To wait would write something by itself.
    const log = await openLog();
    const draft = draftOf();
    await log.append(draft);
    const before = Number(await offsetOf(master, 'master_repl_offset'));
    expect(await log.append(draft)).toMatchObject({ seq: 1, dup: true });
    expect(Number(await offsetOf(master, 'master_repl_offset'))).toBeGreaterThan(before);
  });

  it('is refused when Redis is no master any more while it waits', async () => {
    const { master, replica, openLog } = await pair();
    const log = await openLog(waiting(600_000));
    await replica.pause();
    const draft = draftOf();
    const answer = log.append(draft).catch((error: unknown) => error);
    await expect.poll(() => midsOf(log), patience).toEqual([draft.mid]);
    await master.command('REPLICAOF', '127.0.0.1', String(replica.port));
    expect(await answer).toBeInstanceOf(LogUnavailableError);
    expect(String(await answer)).toContain('UNBLOCKED');
  });

  it('keeps no reader waiting meanwhile', async () => {
    const { replica, openLog } = await pair();
    const log = await openLog(waiting(600_000));
    await replica.pause();
    let isAnswered = false;
    const draft = draftOf();
    const answer = log.append(draft).finally(() => {
      isAnswered = true;
    });
    await expect.poll(() => midsOf(log), patience).toEqual([draft.mid]);
    expect(isAnswered).toBe(false);
    replica.resume();
    expect(await answer).toMatchObject({ seq: 1 });
  });
});
