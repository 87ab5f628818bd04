/**
 * Two gateways and Redis as hosts of a network, whose cables are pulled: nothing refuses, nothing says that it is
 * gone, as where a switch fails. Only where this machine lets a test make such a network; `gatewayFaults.test.ts` has
 * the same on addresses of one machine.
 */
import { describe, expect, it } from 'vitest';
import { say } from './support/chatClient';
import { startWriting } from './support/gateways';
import { makeHosts, mayMakeHosts } from './support/hosts';
import { startOnlooker } from './support/onlooker';
import { startRedis } from './support/redis';
import type { ServerProcess } from './support/serverProcess';

const leaseMs = 3_000;

async function startTwo() {
  // Nobody but these hosts reaches it, on ports and networks of the test's own.
  const redis = await startRedis({ bind: '0.0.0.0', 'protected-mode': 'no' });
  const hosts = makeHosts(2);
  const servers = await Promise.all(
    hosts.map((host) => {
      const url = `redis://${host.redisAddress}:${redis.port}`;
      return host.startServer(['--redis', url, '--redis-lease', `${leaseMs}ms`]);
    }),
  );
  const [first, second] = hosts;
  const [atFirst, atSecond] = servers;
  if (!first || !second || !atFirst || !atSecond) throw new Error('there are two');
  return { first, second, atFirst, atSecond, servers };
}

const healthOf = (server: ServerProcess) =>
  fetch(`${server.url}healthz`).then(({ status }) => status);

describe.skipIf(!mayMakeHosts())('gateways on hosts of their own', () => {
  it('go on apart where one is cut off from Redis and not from its people, and together after it', async () => {
    const { first, atFirst, atSecond } = await startTwo();
    const ann = await startOnlooker(atFirst.webSocketUrl, 'Ann');
    const bob = await startOnlooker(atSecond.webSocketUrl, 'Bob');
    await bob.untilThere('Ann', 'Bob');
    first.pull('store');
    await expect.poll(() => healthOf(atFirst)).toBe(503);
    const refused = { t: 'send', id: 'refused', room: 'lobby', body: 'once more' } as const;
    ann.client.send(refused);
    expect(await ann.client.until('err')).toMatchObject({ code: 'unavailable', retry: true });
    await bob.untilThere('Bob');
    expect(await say(bob.client, 'meanwhile')).toBe('acked');
    first.plugIn('store');
    await ann.client.until('msg', ({ body }) => body === 'meanwhile');
    await Promise.all([ann, bob].map((each) => each.untilThere('Ann', 'Bob')));
    ann.client.send(refused);
    await ann.client.until('ack', ({ id }) => id === refused.id);
    await bob.client.until('msg', ({ body }) => body === refused.body);
    expect(ann.client.socket.readyState).toBe(ann.client.socket.OPEN);
  });

  it('lose and double nothing while cables are pulled, of either kind', async () => {
    const { first, second, atFirst, servers } = await startTwo();
    const writing = await startWriting(
      servers.map((server) => ({ server })),
      ['One', 'Two', 'Three', 'Four'],
    );
    first.pull('store');
    await expect.poll(() => healthOf(atFirst)).toBe(503);
    first.plugIn('store');
    await writing.untilSent(5);
    second.pull('lines');
    // Whoever was there comes to the other one.
    await writing.untilSent(5);
    second.plugIn('lines');
    await writing.untilSent(5);
    await writing.finish();
  });
});
