/**
 * Several gateways on one Redis, each at an address of its own: one chat, whichever of them somebody is at,
 * and no matter that they are restarted one after another.
 */
import { describe, expect, it } from 'vitest';
import { closeCodes } from '../protocol/closeCodes';
import { type ChatClient, enterChat, openChatClient } from './support/chatClient';
import { type Gateway, healthOf, startGateways, startWriting } from './support/gateways';
import { startOnlooker } from './support/onlooker';
import { startRedis } from './support/redis';

/** Another line of who holds the token, in no room. */
async function openLine({ server }: Gateway, name: string, token: string): Promise<ChatClient> {
  const line = await openChatClient(server.webSocketUrl);
  line.send({ t: 'auth', name, token, resume: [] });
  return line;
}

async function tokenOf(client: ChatClient): Promise<string> {
  return (await client.until('ready')).token;
}

describe('gateways on hosts of their own', () => {
  it('are one chat: messages, who writes, who has read what, who is there, and who somebody is', async () => {
    const [first, second, third] = await startGateways(await startRedis());
    const ann = await startOnlooker(first.server.webSocketUrl, 'Ann');
    const bob = await startOnlooker(second.server.webSocketUrl, 'Bob');
    const eve = await startOnlooker(third.server.webSocketUrl, 'Eve');
    const all = [ann, bob, eve];
    await Promise.all(all.map((each) => each.untilThere('Ann', 'Bob', 'Eve')));

    ann.client.send({ t: 'typing', room: 'lobby' });
    for (const { client } of [bob, eve]) {
      expect((await client.until('typing')).user.name).toBe('Ann');
    }
    ann.client.send({ t: 'send', id: 'a', room: 'lobby', body: 'one' });
    await Promise.all(all.map(({ client }) => client.until('msg', ({ body }) => body === 'one')));
    bob.client.send({ t: 'send', id: 'b', room: 'lobby', body: 'two' });
    for (const { client } of all) {
      expect(await client.until('msg', ({ body }) => body === 'two')).toMatchObject({ seq: 2 });
    }
    eve.client.send({ t: 'read', room: 'lobby', seq: 2 });
    for (const { client } of [ann, bob]) {
      await client.until('reads', ({ marks }) =>
        marks.some(({ user, seq }) => user.name === 'Eve' && seq === 2),
      );
    }
    bob.client.socket.close(closeCodes.left.code);
    await Promise.all([ann, eve].map((each) => each.untilThere('Ann', 'Eve')));

    // Whichever gateway she comes to, they know who she is, and that the name is hers.
    const { user, token } = await ann.client.until('ready');
    const phone = await openLine(second, 'Ann', token);
    expect((await phone.until('ready')).user).toEqual(user);
    const other = await enterChat(third.server.webSocketUrl, 'Ann');
    expect((await other.until('ready')).user).toMatchObject({ tag: expect.any(String) });
  });
});

describe('what one may do', () => {
  it('is as many lines as at one gateway, but for one at each of the others', async () => {
    const gateways = await startGateways(await startRedis());
    const ann = await enterChat(gateways[0].server.webSocketUrl, 'Ann');
    const token = await tokenOf(ann);
    let open = 1;
    const refusals: number[] = [];
    // Three times as many as may be would be open if each counted for itself.
    for (let turn = 0; turn < 25; turn += 1) {
      await Promise.all(
        gateways.map(async (gateway) => {
          const line = await openLine(gateway, 'Ann', token);
          const code = await Promise.race([line.until('ready').then(() => 0), line.closed]);
          if (code === 0) open += 1;
          else refusals.push(code);
        }),
      );
    }
    expect(open).toBeGreaterThanOrEqual(50 - gateways.length);
    expect(open).toBeLessThanOrEqual(50 + gateways.length);
    expect(new Set(refusals)).toEqual(new Set([closeCodes.tooManyConnections.code]));
  });

  it('is limited by what one has done at all of them: for a user', async () => {
    const gateways = await startGateways(await startRedis());
    const ann = await enterChat(gateways[0].server.webSocketUrl, 'Ann');
    const token = await tokenOf(ann);
    const two = await Promise.all(
      gateways.map((each) => openLines(each, 2, { name: 'Ann', token })),
    );
    // Each line spends less than it may, and each gateway sees less than she may: together it is too much.
    await expectSlow(gateways[2], await openLine(gateways[2], 'Ann', token), two);
  });

  it('is limited by what one has done at all of them: for an address', async () => {
    const gateways = await startGateways(await startRedis());
    // 22 newcomers at each gateway spend less than an address may: together it is too much.
    const many = await Promise.all(gateways.map((each) => openLines(each, 22, { name: 'Guest' })));
    const { webSocketUrl } = gateways[2].server;
    await expectSlow(gateways[2], await enterChat(webSocketUrl, 'Newcomer'), many);
  });
});

/** Somebody who has spent little at a gateway is not read for a while, when `spenders` have spent at each of all. */
async function expectSlow(gateway: Gateway, line: ChatClient, spenders: ChatClient[][]) {
  line.send({ t: 'join', room: 'lobby' });
  await line.until('sync');
  // The gateway itself comes last: however long the others take, what is owed by then is still owed.
  for (const lines of spenders) await spend(lines);
  let asked = 0;
  await expect
    .poll(async () => {
      asked += 1;
      line.send({ t: 'history', room: 'lobby', before: 1, limit: 1 });
      return throttledAt(gateway);
    })
    .toBeGreaterThan(0);
  // Of what they ask for themselves it is not.
  expect(asked).toBeLessThan(100);
}

async function openLines(
  { server }: Gateway,
  count: number,
  who: { name: string; token?: string },
): Promise<ChatClient[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const line = await openChatClient(server.webSocketUrl);
      line.send({ t: 'auth', ...who, resume: [] });
      await line.until('ready');
      return line;
    }),
  );
}

/** Spends nearly all that each of the lines may at once, by words that cost and do nothing. */
async function spend(lines: readonly ChatClient[]): Promise<void> {
  const words = Array.from({ length: 88 }, () => ({ t: 'pong', n: 0 }) as const);
  for (const line of lines) {
    for (let turn = 1; turn <= 10; turn += 1) line.send(...words, { t: 'ping', n: turn });
  }
  await Promise.all(lines.map((line) => line.until('pong', ({ n }) => n === 10)));
}

/** How often somebody was not read for a while at a gateway, as they had done more than they may. */
async function throttledAt({ server }: Gateway): Promise<number> {
  const text = await (await fetch(`${server.url}metrics`)).text();
  return Number(/^heartline_drops_total\{what="throttled"\} (\d+)/m.exec(text)?.[1] ?? 'NaN');
}

describe('a sign-out at one gateway', () => {
  it('ends the lines at another, and the token is refused at a third', async () => {
    const [first, second, third] = await startGateways(await startRedis());
    const ann = await enterChat(first.server.webSocketUrl, 'Ann');
    const token = await tokenOf(ann);
    const phone = await openLine(second, 'Ann', token);
    await phone.until('ready');
    const bob = await enterChat(second.server.webSocketUrl, 'Bob');
    ann.send({ t: 'signout' });
    expect(await ann.closed).toBe(closeCodes.signedOut.code);
    expect(await phone.closed).toBe(closeCodes.signedOut.code);
    const tablet = await openLine(third, 'Ann', token);
    expect(await tablet.closed).toBe(closeCodes.badToken.code);
    bob.send({ t: 'send', id: 'b', room: 'lobby', body: 'still here' });
    await bob.until('ack');
  });

  it('does so also where that one was cut off from Redis meanwhile, once it is back', async () => {
    const [first, second, third] = await startGateways(await startRedis());
    const ann = await enterChat(first.server.webSocketUrl, 'Ann');
    const token = await tokenOf(ann);
    const phone = await openLine(second, 'Ann', token);
    await phone.until('ready');
    const bob = await enterChat(second.server.webSocketUrl, 'Bob');
    second.way.fail({ kind: 'black hole' });
    await expect.poll(() => healthOf(second)).toBe(503);

    ann.send({ t: 'signout' });
    expect(await ann.closed).toBe(closeCodes.signedOut.code);
    const tablet = await openLine(third, 'Ann', token);
    expect(await tablet.closed).toBe(closeCodes.badToken.code);
    expect(phone.socket.readyState).toBe(phone.socket.OPEN);

    second.way.fail({ kind: 'none' });
    expect(await phone.closed).toBe(closeCodes.signedOut.code);
    expect(bob.socket.readyState).toBe(bob.socket.OPEN);
  });
});

describe('gateways that are restarted one after another, while everybody writes', () => {
  it('lose and double nothing, and nobody is seen leaving', async () => {
    const gateways = await startGateways(await startRedis());
    const names = ['Head 1', 'Head 2', 'Head 3', 'Head 4'];
    const writing = await startWriting(gateways, names);
    for (const [index, { server }] of gateways.entries()) {
      const next = gateways[(index + 1) % gateways.length] ?? gateways[0];
      const onlooker = await startOnlooker(next.server.webSocketUrl, `Onlooker ${index}`);
      await expect.poll(() => onlooker.there()).toEqual(expect.arrayContaining(names));
      expect(await server.kill('SIGTERM')).toBe(0);
      await server.start();
      await writing.untilSent(3);
      expect(onlooker.seenLeaving()).toEqual([]);
      expect(onlooker.there()).toEqual(expect.arrayContaining(names));
      onlooker.client.socket.close(closeCodes.left.code);
      await onlooker.client.closed;
    }
    await writing.finish();
  });
});
