import { describe, expect, it } from 'vitest';
import { decodeClientMessage, encode } from '../protocol/codec';
import { createFakeNetwork } from '../testing/fakeSocket';
import { createManualTime } from '../testing/manualTime';
import { createMemoryNotes } from '../testing/memoryNotes';
import { tellFarewell } from './farewellLine';
import { createFarewells } from './farewells';

const hello = encode({
  t: 'hello',
  v: 1,
  heartbeat: { intervalMs: 25_000, timeoutMs: 10_000 },
  limits: { frameBytes: 65_536, bodyLength: 10_000, nameLength: 40 },
});

function setUp(notes = new Map<string, string>(), serverUrl = 'wss://chat.example/ws') {
  const time = createManualTime();
  const network = createFakeNetwork();
  const open = () =>
    createFarewells({
      serverUrl,
      notes: createMemoryNotes(notes),
      newId: () => `n${notes.size}`,
      time,
      tell: (token) => tellFarewell(token, { serverUrl, time, openSocket: network.open }),
    });
  /** The server takes the latest line. */
  const serverGreets = () => {
    network.latest.accept();
    network.latest.deliver(hello);
  };
  const sent = () => network.latest.sent.flatMap((data) => decodeClientMessage(String(data)));
  return { time, network, notes, open, serverGreets, sent, farewells: open() };
}

describe('a sign-out', () => {
  it('is told to the server on a line of its own, which ends with the answer', async () => {
    const { farewells, network, notes, serverGreets, sent, time } = setUp();
    farewells.note('token 1');
    expect(farewells.areDue()).toBe(true);
    const delivered = farewells.deliver();
    expect(network.latest).toMatchObject({ url: 'wss://chat.example/ws', protocols: ['chat.v1'] });
    serverGreets();
    expect(sent()).toMatchObject([
      { frame: { t: 'auth', token: 'token 1', resume: [] } },
      { frame: { t: 'signout' } },
    ]);
    network.latest.end(4504, 'signed out', true);
    await delivered;
    expect(farewells.areDue()).toBe(false);
    expect([notes.size, time.armed]).toEqual([0, 0]);
  });

  it('is done, too, when the server says that the token holds no longer', async () => {
    const { farewells, network, serverGreets } = setUp();
    farewells.note('token 1');
    const delivered = farewells.deliver();
    serverGreets();
    network.latest.end(4501, 'the token is not valid', true);
    await delivered;
    expect(farewells.areDue()).toBe(false);
  });

  it('is kept for another page when the server cannot be reached', async () => {
    const { farewells, network, open, serverGreets, notes } = setUp();
    farewells.note('token 1');
    const delivered = farewells.deliver();
    network.latest.end();
    await delivered;
    const later = open();
    expect(later.areDue()).toBe(true);
    const again = later.deliver();
    serverGreets();
    network.latest.end(4504, 'signed out', true);
    await again;
    expect(notes.size).toBe(0);
  });

  it.each(['says nothing', 'refuses it for now'])('is kept when the server %s', async (how) => {
    const { farewells, network, serverGreets, time } = setUp();
    farewells.note('token 1');
    const delivered = farewells.deliver();
    serverGreets();
    if (how === 'says nothing') time.advance(5_000);
    else {
      const refusal = { t: 'err', code: 'sign_out_failed', retry: true, message: 'x' } as const;
      network.latest.deliver(encode(refusal));
    }
    await delivered;
    expect(network.latest.closedWith).toMatchObject({ code: 1000 });
    expect([farewells.areDue(), time.armed]).toEqual([true, 0]);
  });

  it('is told once, however often that is asked for; several are told in turn', async () => {
    const { farewells, network, serverGreets } = setUp();
    farewells.note('token 1');
    farewells.note('token 2');
    const delivered = [farewells.deliver(), farewells.deliver()];
    for (const count of [1, 2]) {
      await expect.poll(() => network.sockets.length).toBe(count);
      serverGreets();
      network.latest.end(4504, 'signed out', true);
    }
    await Promise.all(delivered);
    expect(network.sockets).toHaveLength(2);
    expect(farewells.areDue()).toBe(false);
  });

  it('is the business of the server that gave the token, and no other', () => {
    const { farewells, notes } = setUp();
    farewells.note('token 1');
    expect(setUp(notes, 'wss://chat.example/ws2').farewells.areDue()).toBe(false);
    expect(setUp(notes).farewells.areDue()).toBe(true);
  });

  it('is told even where the browser keeps no notes', async () => {
    const time = createManualTime();
    const network = createFakeNetwork();
    const serverUrl = 'wss://chat.example/ws';
    const farewells = createFarewells({
      serverUrl,
      notes: { get: () => undefined, set: () => {}, remove: () => {}, keys: () => [] },
      newId: () => 'n',
      time,
      tell: (token) => tellFarewell(token, { serverUrl, time, openSocket: network.open }),
    });
    farewells.note('token 1');
    const delivered = farewells.deliver();
    network.latest.accept();
    network.latest.deliver(hello);
    network.latest.end(4504, 'signed out', true);
    await delivered;
    expect(farewells.areDue()).toBe(false);
  });

  it('waits where the address is none', async () => {
    const time = createManualTime();
    const serverUrl = 'nowhere';
    const openSocket = () => {
      throw new SyntaxError('no address');
    };
    const farewells = createFarewells({
      serverUrl,
      notes: createMemoryNotes(),
      newId: () => 'n',
      time,
      tell: (token) => tellFarewell(token, { serverUrl, time, openSocket }),
    });
    farewells.note('token 1');
    await farewells.deliver();
    expect([farewells.areDue(), time.armed]).toEqual([true, 0]);
  });

  it.each([
    ['does not come', () => new Promise<boolean>(() => {})],
    ['cannot be fetched', () => Promise.reject(new Error('no network'))],
  ])('holds nobody up where what tells it %s', async (_, tell) => {
    const time = createManualTime();
    const notes = createMemoryNotes();
    const farewells = createFarewells({ serverUrl: 'ws://x', notes, newId: () => 'n', time, tell });
    farewells.note('token 1');
    const delivered = farewells.deliver();
    await time.advance(5_000);
    await delivered;
    expect([farewells.areDue(), time.armed]).toEqual([true, 0]);
  });
});
