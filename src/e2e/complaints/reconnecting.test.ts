/** What users of other libraries suffered from the way back: none, too late, too often, unasked. */
import { describe, expect, it } from 'vitest';
import { createConnection } from '../../connection/connection';
import type { ConnectionOptions } from '../../connection/contract';
import type { Random } from '../../connection/ports';
import { createFakeNetwork } from '../../testing/fakeSocket';
import { createManualTime } from '../../testing/manualTime';
import { createSeededRandom } from '../../testing/seededRandom';

function setUp(options: Partial<ConnectionOptions> = {}, random: Random = () => 0) {
  const time = createManualTime();
  const network = createFakeNetwork();
  const connection = createConnection({
    address: 'wss://chat.example/ws',
    time,
    random,
    openSocket: network.open,
    ...options,
  });
  const live = () => network.sockets.filter(({ readyState }) => readyState < 2);
  return { time, network, connection, live, status: () => connection.getState().status };
}

describe('the way back', () => {
  it('is found after every live drop, and after close() and open() (reconnecting-websocket #60, #65, #86)', () => {
    const { time, network, connection, live, status } = setUp();
    connection.open();
    for (let drop = 0; drop < 100; drop += 1) {
      network.latest.accept();
      time.advance(drop % 2 === 0 ? 60_000 : 10);
      network.latest.end();
      time.advance(5_000);
      expect(status()).toBe('connecting');
    }
    network.latest.accept();
    connection.close();
    connection.open();
    network.latest.accept();
    expect(status()).toBe('open');
    expect(live()).toHaveLength(1);
  });

  it('is not barred by an address function that throws, rejects or takes its time for a new token (react-use-websocket #248, #122, #223; websocket-ts #17)', async () => {
    const answers: (() => string | Promise<string>)[] = [
      () => {
        throw new Error('signed out');
      },
      () => Promise.reject(new Error('no token yet')),
      () => 'not an address',
      () => Promise.resolve('wss://chat.example/ws'),
    ];
    let asked = 0;
    const network = createFakeNetwork();
    const { time, connection, status } = setUp({
      address: () => answers[asked++]?.() ?? '',
      openSocket(url, protocols) {
        if (!URL.canParse(url)) throw new SyntaxError('not an address');
        return network.open(url, protocols);
      },
    });
    connection.open();
    for (let round = 0; round < answers.length; round += 1) {
      await Promise.resolve().then(() => {});
      await Promise.resolve().then(() => {});
      time.advance(1_000);
    }
    await Promise.resolve();
    network.latest.accept();
    expect(asked).toBe(4);
    expect(network.sockets).toHaveLength(1);
    expect(status()).toBe('open');
  });

  it('is open after a loss that was told as code 1000: only one’s own close is on purpose (phoenix #3161)', () => {
    const { network, connection, time, status } = setUp();
    connection.open();
    network.latest.accept();
    network.latest.end(1000, '', true);
    time.advance(0);
    network.latest.accept();
    expect(status()).toBe('open');
  });

  it('is tested without a server and without waiting: clock, chance and sockets are handed in (jest-websocket-mock #44, #47, #167; socket.io #4534)', () => {
    const { network, connection, time, status } = setUp();
    connection.open();
    for (let day = 0; day < 30; day += 1) {
      network.latest.accept();
      time.advance(24 * 3_600_000);
      network.latest.end();
      time.advance(0);
    }
    expect(network.sockets).toHaveLength(31);
    expect(status()).toBe('connecting');
  });
});

describe('a thousand clients that lose their line together', () => {
  it('do not come back as a herd (phoenix #4045; knocklabs/javascript #862)', () => {
    const retriedAfter = Array.from({ length: 1_000 }, (_, client) => {
      const { time, network, connection } = setUp({}, createSeededRandom(client));
      connection.open();
      network.latest.end();
      return (connection.getState().retryAt ?? Number.NaN) - time.now();
    });
    const inTheSame10Ms = new Map<number, number>();
    for (const delayMs of retriedAfter) {
      const slot = Math.floor(delayMs / 10);
      inTheSame10Ms.set(slot, (inTheSame10Ms.get(slot) ?? 0) + 1);
    }
    // 50 slots under the first ceiling of 500 ms: 20 in each on average.
    expect(inTheSame10Ms.size).toBe(50);
    expect(Math.max(...inTheSame10Ms.values())).toBeLessThan(50);
  });
});

describe('a page that comes back', () => {
  it('connects at once, however long it was hidden (phoenix #6534)', () => {
    const { network, connection, time, live } = setUp();
    connection.open();
    network.latest.accept();
    connection.suspend();
    time.advance(3_600_000);
    expect(live()).toEqual([]);
    connection.wake();
    expect(live()).toHaveLength(1);
  });

  it('does not open what its reader had closed (phoenix #6578, #6620)', () => {
    const { network, connection, time, status } = setUp();
    connection.open();
    network.latest.accept();
    connection.close();
    for (let round = 0; round < 10; round += 1) {
      connection.suspend();
      connection.wake();
      connection.networkGone();
      time.advance(60_000);
    }
    expect(status()).toBe('closed');
    expect(network.sockets).toHaveLength(1);
  });

  it('does not meet its old line: the way back and forward leaves one socket (phoenix #6103)', () => {
    const { network, connection, live } = setUp();
    connection.open();
    network.latest.accept();
    const heard: unknown[] = [];
    connection.listen({ onMessage: (data) => heard.push(data) });
    for (let round = 0; round < 5; round += 1) {
      const old = network.latest;
      connection.suspend();
      connection.wake();
      // The browser closes the old one in its own time.
      old.deliver('late');
      old.end(1001);
      network.latest.accept();
    }
    expect(live()).toHaveLength(1);
    expect(heard).toEqual([]);
  });
});
