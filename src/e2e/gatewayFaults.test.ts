/**
 * Several gateways on one Redis, and what fails: Redis for all of them, Redis for one, a gateway. Whoever can
 * chat on does; nothing is lost or doubled; and all is as before once what failed is back.
 */
import { describe, expect, it } from 'vitest';
import { createSwitch } from '../server/redis/testSwitch';
import { type ChatClient, enterChat, say } from './support/chatClient';
import { type Gateways, healthOf, startGateways, startWriting } from './support/gateways';
import { startOnlooker } from './support/onlooker';
import { readRoom } from './support/readRoom';
import { type RedisServer, startRedis } from './support/redis';

/** As short as may be, so that its end can be waited for; renewed three times in that time. */
const leaseMs = 3_000;
const shortLease = ['--redis-lease', `${leaseMs}ms`];
/** A gateway that dies is gone for all others by then. */
const goneWithinMs = leaseMs + leaseMs / 3;
/** What a busy machine may take for one command and one frame beyond that, in ms. */
const busyMs = 3_000;

const names = ['Head 1', 'Head 2', 'Head 3', 'Head 4'];

const healthOfAll = (gateways: Gateways) => Promise.all(gateways.map(healthOf));

const isOpen = ({ socket }: ChatClient) => socket.readyState === socket.OPEN;

const hears = (client: ChatClient, body: string) => client.until('msg', (msg) => msg.body === body);

describe('a Redis that is gone for a while', () => {
  /** More than a gateway could hold without being noticed: 12 MB. */
  const [messages, atOnce, body] = [6_000, 250, 'x'.repeat(2_000)];
  const toleranceBytes = 8 * 1024 * 1024;

  /** Goes on sending, as fast as it is refused. */
  async function sendOn(client: ChatClient): Promise<void> {
    for (let sent = 0; sent < messages; sent += atOnce) {
      // What was heard is of no use any more, and would be looked through again and again.
      client.received.length = 0;
      const batch = Array.from({ length: atOnce }, (_, n) => `away-${sent + n}`);
      for (const id of batch) client.send({ t: 'send', id, room: 'lobby', body });
      const [last = ''] = batch.slice(-1);
      const refusal = await client.until('err', ({ id }) => id === last);
      expect(refusal).toMatchObject({ code: 'unavailable', retry: true });
      expect(refusal.after).toBeGreaterThan(0);
    }
  }

  it.each<[string, (redis: RedisServer) => Promise<void>, (redis: RedisServer) => unknown]>([
    ['dead', (redis) => redis.kill(), (redis) => redis.start()],
    ['silent', (redis) => redis.pause(), (redis) => redis.resume()],
  ])(
    'as it is %s: lines stay, what is sent is refused for now and kept nowhere, and all goes on',
    async (_, leave, comeBack) => {
      const redis = await startRedis();
      const gateways = await startGateways(redis, ['--limits', 'off']);
      const [first, second, third] = gateways;
      const ann = await enterChat(first.server.webSocketUrl, 'Ann');
      const bob = await enterChat(second.server.webSocketUrl, 'Bob');
      const eve = await enterChat(third.server.webSocketUrl, 'Eve');
      const all = [ann, bob, eve];
      expect(await say(ann, 'before')).toBe('acked');
      await Promise.all(all.map((each) => hears(each, 'before')));
      const memoryBefore = await first.server.memoryBytes();

      await leave(redis);
      await expect.poll(() => healthOfAll(gateways)).toEqual([503, 503, 503]);
      await sendOn(ann);
      expect(await first.server.memoryBytes()).toBeLessThan(memoryBefore + toleranceBytes);
      expect(await say(bob, 'meanwhile')).toBe('unavailable true');
      expect(all.map(isOpen)).toEqual([true, true, true]);

      await comeBack(redis);
      await expect.poll(() => healthOfAll(gateways)).toEqual([200, 200, 200]);
      expect(await say(eve, 'after')).toBe('acked');
      await Promise.all(all.map((each) => hears(each, 'after')));
      // A refused message may have been stored all the same; sent again, in order, each is there once.
      const again = Array.from({ length: atOnce }, (_, n) => `away-${messages - atOnce + n}`);
      await expect
        .poll(() => {
          const acked = new Set(
            ann.received.flatMap((frame) => (frame.t === 'ack' ? frame.id : [])),
          );
          const missing = again.filter((id) => !acked.has(id));
          for (const id of missing) ann.send({ t: 'send', id, room: 'lobby', body });
          return missing;
        })
        .toEqual([]);
      const { messages: stored } = await readRoom(second.server.webSocketUrl);
      const ids = stored.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids).toEqual(expect.arrayContaining(again));
      const told = (client: ChatClient) =>
        client.received.flatMap((f) => (f.t === 'msg' ? f.seq : []));
      await expect.poll(() => told(eve)).toEqual(stored.map(({ seq }) => seq));
      expect(all.map(isOpen)).toEqual([true, true, true]);
    },
  );
});

describe('a Redis that is restarted with its file while everybody writes', () => {
  it('goes on as before: the same log, nothing lost, nobody sent away', async () => {
    const redis = await startRedis();
    const gateways = await startGateways(redis);
    const ann = await startOnlooker(gateways[0].server.webSocketUrl, 'Ann');
    const writing = await startWriting(gateways, names);
    const { epoch } = await readRoom(gateways[0].server.webSocketUrl);
    await redis.kill();
    await expect.poll(() => healthOfAll(gateways)).toEqual([503, 503, 503]);
    await redis.start();
    await writing.untilSent(5);
    await redis.stop();
    await redis.start();
    await writing.untilSent(5);
    expect((await readRoom(gateways[1].server.webSocketUrl)).epoch).toBe(epoch);
    await writing.finish();
    expect(isOpen(ann.client)).toBe(true);
    expect(ann.seenLeaving()).toEqual([]);
  });
});

describe('a replica that takes over without the tail of the log', () => {
  it('begins another epoch, and who wrote what it lacks sends that again', async () => {
    const [master, replica] = [await startRedis(), await startRedis()];
    await replica.replicaOf(master);
    const address = await createSwitch(master);
    const gateways = await startGateways({ port: Number(new URL(address.url).port) });
    const writing = await startWriting(gateways, names);
    const before = await readRoom(gateways[0].server.webSocketUrl);
    // From here on it lacks what the master acks.
    await replica.replicaOf(undefined);
    await writing.untilSent(5);
    address.to(replica);
    await master.kill();
    await writing.untilSent(5);
    await writing.finish({ wasSentAgain: true });
    const after = await readRoom(gateways[1].server.webSocketUrl);
    expect(after.epoch).not.toBe(before.epoch);
    expect(after.messages.slice(0, before.messages.length)).toEqual(before.messages);
  });
});

describe('a gateway that is killed while everybody writes', () => {
  it('loses and doubles nothing: its people go on at another, and who does not come back is gone in time', async () => {
    const gateways = await startGateways(await startRedis(), shortLease);
    const [first, second] = gateways;
    const onlooker = await startOnlooker(second.server.webSocketUrl, 'Onlooker');
    const gone = await enterChat(first.server.webSocketUrl, 'Gone');
    const writing = await startWriting(gateways, names);
    await expect.poll(onlooker.there).toEqual(expect.arrayContaining(['Gone', ...names]));
    await first.server.kill('SIGKILL');
    const killedAt = performance.now();
    await gone.closed;
    await writing.untilSent(5);
    await onlooker.untilThere('Onlooker', ...names);
    expect(performance.now() - killedAt).toBeLessThan(goneWithinMs + busyMs);
    expect(onlooker.seenLeaving()).toEqual(['Gone']);
    await first.server.start();
    await writing.untilSent(5);
    await writing.finish();
  });
});

describe('a gateway that stands still for longer than its lease', () => {
  it('has its people gone for the others, and there again with all they missed once it goes on', async () => {
    const [first, second, third] = await startGateways(await startRedis(), shortLease);
    const ann = await startOnlooker(first.server.webSocketUrl, 'Ann');
    const bob = await startOnlooker(second.server.webSocketUrl, 'Bob');
    const eve = await startOnlooker(third.server.webSocketUrl, 'Eve');
    await bob.untilThere('Ann', 'Bob', 'Eve');
    first.server.freeze();
    await Promise.all([bob, eve].map((each) => each.untilThere('Bob', 'Eve')));
    for (const body of ['one', 'two', 'three']) expect(await say(bob.client, body)).toBe('acked');
    first.server.thaw();
    for (const body of ['one', 'two', 'three']) await hears(ann.client, body);
    await Promise.all([ann, bob, eve].map((each) => each.untilThere('Ann', 'Bob', 'Eve')));
    expect(await say(ann.client, 'back')).toBe('acked');
    await hears(eve.client, 'back');
    expect([ann, bob, eve].map(({ client }) => isOpen(client))).toEqual([true, true, true]);
  });
});

describe('a gateway that is cut off from Redis, and not from its people', () => {
  it('refuses for now what they send, is gone for the others, and is as before once it is back', async () => {
    const gateways = await startGateways(await startRedis(), shortLease);
    const [first, second, third] = gateways;
    const ann = await startOnlooker(first.server.webSocketUrl, 'Ann');
    const bob = await startOnlooker(second.server.webSocketUrl, 'Bob');
    const eve = await startOnlooker(third.server.webSocketUrl, 'Eve');
    await eve.untilThere('Ann', 'Bob', 'Eve');
    first.way.fail({ kind: 'black hole' });
    await expect.poll(() => healthOfAll(gateways)).toEqual([503, 200, 200]);
    const refused = { t: 'send', id: 'refused', room: 'lobby', body: 'once more' } as const;
    ann.client.send(refused);
    expect(await ann.client.until('err')).toMatchObject({ code: 'unavailable', retry: true });
    await Promise.all([bob, eve].map((each) => each.untilThere('Bob', 'Eve')));
    expect(await say(bob.client, 'meanwhile')).toBe('acked');
    await hears(eve.client, 'meanwhile');
    expect(ann.client.received.some((frame) => frame.t === 'msg')).toBe(false);

    first.way.fail({ kind: 'none' });
    await hears(ann.client, 'meanwhile');
    await Promise.all([ann, bob, eve].map((each) => each.untilThere('Ann', 'Bob', 'Eve')));
    ann.client.send(refused);
    await ann.client.until('ack', ({ id }) => id === refused.id);
    await hears(bob.client, refused.body);
    expect(await say(ann.client, 'back')).toBe('acked');
    await hears(bob.client, 'back');
    expect([ann, bob, eve].map(({ client }) => isOpen(client))).toEqual([true, true, true]);
  });

  it('loses and doubles nothing of what they write, even if it is cut off again and again', async () => {
    const gateways = await startGateways(await startRedis());
    const writing = await startWriting(gateways, names);
    for (const fault of ['silent down', 'silent up', 'reset'] as const) {
      const [{ way }] = gateways;
      way.fail({ kind: fault });
      await expect.poll(() => healthOfAll(gateways)).toEqual([503, 200, 200]);
      way.fail({ kind: 'none' });
      await writing.untilSent(5);
    }
    await writing.finish();
  });
});
