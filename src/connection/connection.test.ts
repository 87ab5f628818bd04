import { describe, expect, it, vi } from 'vitest';
import { createFakeNetwork } from '../testing/fakeSocket';
import { createManualTime } from '../testing/manualTime';
import { createAdaptiveInterval } from './adaptiveInterval';
import { createConnection } from './connection';
import type { ConnectionOptions } from './contract';

const url = 'wss://chat.example/ws';
const heartbeat = {
  intervalMs: 25_000,
  timeoutMs: 10_000,
  ping: (n: number) => `ping ${n}`,
  isPong: (data: unknown) => data === 'pong',
};

function setUp(options: Partial<ConnectionOptions> = {}) {
  const time = createManualTime();
  const network = createFakeNetwork();
  const connection = createConnection({
    address: url,
    time,
    random: () => 0,
    openSocket: network.open,
    ...options,
  });
  const heard = {
    onSocketOpen: vi.fn(),
    onOpen: vi.fn(),
    onMessage: vi.fn(),
    onError: vi.fn(),
    onClose: vi.fn(),
    onPong: vi.fn(),
    onAck: vi.fn(),
  };
  connection.listen(heard);
  const status = () => connection.getState().status;
  return { time, network, connection, heard, status };
}

/** As `setUp`, with the line open and stable. */
function setUpOpen(options: Partial<ConnectionOptions> = {}) {
  const world = setUp(options);
  world.connection.open();
  world.network.latest.accept();
  return world;
}

describe('connecting', () => {
  it('opens one socket to the address, with the subprotocols', () => {
    const { connection, network, status } = setUp({ protocols: ['chat.v1'] });
    expect(status()).toBe('idle');
    connection.open();
    connection.open();
    expect(network.sockets).toHaveLength(1);
    expect(network.latest).toMatchObject({
      url,
      protocols: ['chat.v1'],
      binaryType: 'arraybuffer',
    });
    expect(status()).toBe('connecting');
  });

  it('is open when the socket is', () => {
    const { status, heard } = setUpOpen();
    expect(status()).toBe('open');
    expect(heard.onSocketOpen).toHaveBeenCalledOnce();
    expect(heard.onOpen).toHaveBeenCalledOnce();
  });

  it('with a handshake of one’s own is open when that is done, and can send until then', () => {
    const { status, heard, connection, network } = setUpOpen({ handshake: 'manual' });
    expect(status()).toBe('connecting');
    expect(connection.send('auth')).toBe(true);
    expect(network.latest.sent).toEqual(['auth']);
    connection.handshaken();
    expect(status()).toBe('open');
    expect(heard.onOpen).toHaveBeenCalledOnce();
  });

  it('asks a function for the address anew at every try', async () => {
    const addresses = ['wss://one.example/', 'wss://two.example/'];
    const { connection, network, time } = setUp({ address: async () => addresses.shift() ?? '' });
    connection.open();
    await vi.waitFor(() => expect(network.sockets).toHaveLength(1));
    network.latest.end();
    time.advance(0);
    await vi.waitFor(() => expect(network.sockets).toHaveLength(2));
    expect(network.sockets.map((socket) => socket.url)).toEqual([
      'wss://one.example/',
      'wss://two.example/',
    ]);
  });

  it('says what was wrong when the address cannot be had, and tries again', async () => {
    const { connection, status } = setUp({
      address: () => {
        throw new Error('signed out');
      },
    });
    connection.open();
    await vi.waitFor(() => expect(status()).toBe('waiting'));
    expect(connection.getState().cause).toEqual({ kind: 'bad address', message: 'signed out' });
  });

  it('says what was wrong when no socket can have the address', () => {
    const { connection } = setUp({
      openSocket: () => {
        throw new SyntaxError('not a URL');
      },
    });
    connection.open();
    expect(connection.getState()).toMatchObject({
      status: 'waiting',
      cause: { kind: 'bad address', message: 'not a URL' },
    });
  });

  it('drops an address that comes after the connection was closed', async () => {
    let answer: (url: string) => void = () => {};
    const { connection, network } = setUp({
      address: () => new Promise<string>((resolve) => (answer = resolve)),
    });
    connection.open();
    await Promise.resolve();
    connection.close();
    answer(url);
    await Promise.resolve();
    expect(network.sockets).toHaveLength(0);
  });

  it('gives a try 10 s for opening and handshake together', () => {
    const { connection, time, network } = setUp({ handshake: 'manual' });
    connection.open();
    time.advance(9_000);
    network.latest.accept();
    time.advance(999);
    expect(network.sockets).toHaveLength(1);
    time.advance(1);
    expect(network.sockets).toHaveLength(2);
    expect(connection.getState().cause).toEqual({ kind: 'connect timeout' });
  });
});

describe('a try that hangs after a silence', () => {
  /** A line that took 300 ms to open, and then died in silence. */
  function setUpDead() {
    const world = setUp({ handshake: 'manual', heartbeat, random: () => 0 });
    world.connection.open();
    world.time.advance(300);
    world.network.latest.accept();
    world.connection.handshaken();
    world.time.advance(35_000);
    world.time.advance(0);
    return world;
  }

  it('is begun anew after four times what the fastest took, now and then with more patience', () => {
    const { network, time } = setUpDead();
    const tries = [network.sockets.length];
    for (const timeoutMs of [1_200, 1_200, 2_400]) {
      time.advance(timeoutMs - 1);
      tries.push(network.sockets.length);
      time.advance(1);
      time.advance(0);
      tries.push(network.sockets.length);
    }
    expect(tries).toEqual([2, 2, 3, 3, 4, 4, 5]);
  });

  it('is begun anew when the page wakes, once it takes longer than one should', () => {
    const { network, connection, time } = setUpDead();
    time.advance(1_199);
    connection.wake();
    expect(network.sockets).toHaveLength(2);
    network.latest.end();
    time.advance(0);
    // After a close a try has all its time, unless somebody comes back to the page.
    time.advance(1_200);
    expect(network.sockets).toHaveLength(3);
    connection.wake();
    expect(network.sockets).toHaveLength(4);
    expect(network.sockets.filter(({ readyState }) => readyState === 0)).toHaveLength(1);
  });

  it('is given more time after some, also where the browser says offline and is wrong', () => {
    const { network, connection, time, status } = setUp({ isOnline: () => false, random: () => 0 });
    connection.open();
    network.latest.accept();
    connection.suspend();
    connection.wake();
    for (let second = 0; second < 120 && status() !== 'open'; second += 1) {
      const socket = network.latest;
      // The line has become a slow one: it takes 1.5 s to open.
      time.advance(1_500);
      if (socket === network.latest && socket.readyState === 0) socket.accept();
    }
    expect(status()).toBe('open');
  });

  it('is left in its handshake, too', () => {
    const { network, time } = setUpDead();
    network.latest.accept();
    time.advance(1_199);
    expect(network.sockets).toHaveLength(2);
    time.advance(1);
    expect(network.sockets).toHaveLength(3);
  });
});

describe('a server that is not understood', () => {
  it('is left, and tried again after a wait', () => {
    const { network, connection, time } = setUp({ handshake: 'manual', random: () => 0.5 });
    connection.open();
    network.latest.accept();
    connection.notUnderstood();
    expect(network.latest.closedWith).toBeDefined();
    expect(connection.getState()).toMatchObject({
      status: 'waiting',
      cause: { kind: 'not understood' },
    });
    time.advance(1_000);
    expect(network.sockets).toHaveLength(2);
  });
});

describe('a callback that throws', () => {
  it('ends neither the tries nor what others hear', () => {
    vi.stubGlobal('reportError', vi.fn());
    const { network, connection, time } = setUp({ heartbeat });
    const fail = () => {
      throw new Error('a mistake');
    };
    connection.listen({ onOpen: fail, onMessage: fail, onClose: fail });
    connection.subscribe(fail);
    const heard: unknown[] = [];
    connection.listen({ onMessage: (data) => heard.push(data) });
    connection.open();
    for (let round = 0; round < 3; round += 1) {
      network.latest.accept();
      network.latest.deliver('news');
      network.latest.end();
      time.advance(0);
    }
    expect(heard).toEqual(['news', 'news', 'news']);
    expect(network.sockets).toHaveLength(4);
    vi.unstubAllGlobals();
  });
});

describe('a try that fails without saying why', () => {
  it('is looked into once in a while, and what was found is told', async () => {
    const diagnose = vi.fn(async () => 'sign in' as const);
    const { connection, network, time } = setUp({ diagnose, random: () => 0 });
    connection.open();
    for (let round = 0; round < 3; round += 1) {
      network.latest.end();
      time.advance(0);
    }
    expect(diagnose).toHaveBeenCalledOnce();
    await Promise.resolve();
    expect(connection.getState().diagnosis).toBe('sign in');
    time.advance(5_000);
    network.latest.end();
    expect(diagnose).toHaveBeenCalledTimes(2);
  });

  it('gets no more time because something was found meanwhile', async () => {
    let found: (diagnosis: 'server down') => void = () => {};
    const diagnose = () => new Promise<'server down'>((resolve) => (found = resolve));
    const { connection, network, time } = setUp({ diagnose, random: () => 0 });
    connection.open();
    network.latest.end();
    time.advance(0);
    time.advance(9_000);
    found('server down');
    await Promise.resolve();
    expect(connection.getState().diagnosis).toBe('server down');
    time.advance(1_000);
    expect(network.sockets).toHaveLength(3);
  });

  it('is not disturbed by a look that fails itself', async () => {
    const diagnose = () => Promise.reject(new Error('no'));
    const { connection, network, status } = setUp({ diagnose });
    connection.open();
    network.latest.end();
    await Promise.resolve();
    expect(status()).toBe('waiting');
    expect(connection.getState().diagnosis).toBeUndefined();
  });
});

describe('a ping on demand', () => {
  it('resolves with its round-trip time', async () => {
    const { connection, network, time } = setUpOpen({ heartbeat });
    const asked = [connection.ping(), connection.ping()];
    time.advance(42);
    network.latest.deliver('pong');
    expect(await Promise.all(asked)).toEqual([42, 42]);
    expect(network.latest.sent).toEqual(['ping 1']);
  });

  it('resolves with nothing when the line is lost first, or there is none', async () => {
    const { connection, network } = setUpOpen({ heartbeat });
    const asked = connection.ping();
    network.latest.end();
    expect(await asked).toBeUndefined();
    expect(await connection.ping()).toBeUndefined();
  });
});

describe('a heartbeat that adapts', () => {
  const setUpAdaptive = () =>
    setUpOpen({ heartbeat: { ...heartbeat, adaptive: createAdaptiveInterval() } });

  it('finds the longest silence that a network keeps, at the price of one line, and stays below it', () => {
    const natForgetsMs = 100_000;
    const { network, time, connection } = setUpAdaptive();
    let passedAt = time.now();
    let losses = 0;
    const pings: number[] = [];
    for (let second = 0; second < 3 * 3_600; second += 1) {
      const before = network.latest.sent.length;
      time.advance(1_000);
      if (network.latest.readyState === 0) {
        losses += 1;
        network.latest.accept();
        passedAt = time.now();
      } else if (network.latest.sent.length > before) {
        pings.push(time.now() - passedAt);
        // What passes in time keeps the flow alive; what comes too late is lost, and so is its answer.
        if (time.now() - passedAt > natForgetsMs) continue;
        passedAt = time.now();
        network.latest.deliver('pong');
      }
    }
    expect(losses).toBe(1);
    expect(connection.getState().status).toBe('open');
    expect(pings.at(-1)).toBeGreaterThan(80_000);
    expect(pings.at(-1)).toBeLessThan(natForgetsMs);
  });

  it('keeps what it learnt of the network from one line to the next', () => {
    const { network, time } = setUpAdaptive();
    for (let round = 0; round < 3; round += 1) {
      time.advance(25_000);
      network.latest.deliver('pong');
    }
    network.latest.end();
    time.advance(0);
    network.latest.accept();
    time.advance(37_499);
    expect(network.latest.sent).toEqual([]);
    time.advance(1);
    expect(network.latest.sent).toEqual(['ping 1']);
  });
});

describe('a line that closes', () => {
  it('is told with its code, and tried again at once', () => {
    const { network, heard, time, status } = setUpOpen();
    network.latest.end(1001, 'going away', true);
    expect(heard.onClose).toHaveBeenCalledExactlyOnceWith({
      code: 1001,
      reason: 'going away',
      wasClean: true,
    });
    time.advance(0);
    expect(network.sockets).toHaveLength(2);
    expect(status()).toBe('connecting');
  });

  it('with a fatal code is not tried again, however long one waits', () => {
    const { network, time, status } = setUpOpen();
    network.latest.end(4501, 'the token is not valid', true);
    time.advance(3_600_000);
    expect(status()).toBe('failed');
    expect(network.sockets).toHaveLength(1);
    expect(time.armed).toBe(0);
  });

  it('is tried again within the window that the server gave, and only that time', () => {
    const { network, connection, time } = setUpOpen({ random: () => 0.5 });
    connection.returnWithin([4_000, 8_000]);
    network.latest.end(4001, 'the server is restarting', true);
    time.advance(5_999);
    expect(network.sockets).toHaveLength(1);
    time.advance(1);
    expect(network.sockets).toHaveLength(2);
    network.latest.end();
    time.advance(1_000);
    expect(network.sockets).toHaveLength(3);
  });

  it('that flaps is waited for longer each time, until it was stable', () => {
    const { network, time } = setUpOpen({ random: () => 0.999 });
    const waits: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      network.latest.end();
      const lostAt = time.now();
      const before = network.sockets.length;
      while (network.sockets.length === before) time.advance(1);
      waits.push(time.now() - lostAt);
      network.latest.accept();
    }
    expect(waits).toEqual([1, 574, 660, 759]);
    time.advance(5_000);
    network.latest.end();
    time.advance(0);
    expect(network.sockets).toHaveLength(6);
  });

  it('is given up after the last try, and opened again by a person', () => {
    const { network, connection, time, status } = setUp({ policy: { maxRetries: 2 } });
    connection.open();
    for (let round = 0; round < 3; round += 1) {
      network.latest.end();
      time.advance(60_000);
    }
    expect(status()).toBe('failed');
    expect(network.sockets).toHaveLength(3);
    connection.open();
    expect(status()).toBe('connecting');
  });
});

describe('a line that dies in silence', () => {
  it('is noticed within heartbeat interval and timeout, and left at once', () => {
    const { time, network, connection, heard } = setUpOpen({ heartbeat });
    const [dead] = network.sockets;
    time.advance(25_000);
    expect(dead?.sent).toEqual(['ping 1']);
    time.advance(10_000);
    expect(connection.getState().cause).toEqual({ kind: 'heartbeat timeout' });
    expect(dead?.closedWith).toBeDefined();
    expect(heard.onClose).toHaveBeenCalledExactlyOnceWith({
      code: 1006,
      reason: '',
      wasClean: false,
    });
    time.advance(0);
    expect(network.sockets).toHaveLength(2);
  });

  it('harms nothing with what it still does after it was left', () => {
    const { time, network, heard, status } = setUpOpen({ heartbeat });
    const [dead] = network.sockets;
    time.advance(35_000);
    network.latest.accept();
    const closesBefore = heard.onClose.mock.calls.length;
    dead?.deliver('from the grave');
    dead?.end(1006);
    expect(status()).toBe('open');
    expect(heard.onMessage).not.toHaveBeenCalled();
    expect(heard.onClose).toHaveBeenCalledTimes(closesBefore);
  });

  it('is not believed alive because something still arrives on it', () => {
    const { time, network, connection } = setUpOpen({ heartbeat });
    for (let second = 0; second < 35; second += 1) {
      time.advance(1_000);
      network.sockets[0]?.deliver('news');
    }
    expect(connection.getState().cause).toEqual({ kind: 'heartbeat timeout' });
  });

  it('is probed as soon as an ack is late, and left if it answers nothing', () => {
    const { time, network, connection } = setUpOpen({ heartbeat });
    connection.expectAck('m1');
    time.advance(3_500);
    expect(connection.getState().isChecking).toBe(true);
    expect(network.latest.sent).toEqual(['ping 1']);
    time.advance(3_000);
    expect(connection.getState().cause).toEqual({ kind: 'heartbeat timeout' });
  });

  it('is not left for an ack that is merely late', () => {
    const { time, network, connection, status } = setUpOpen({ heartbeat });
    connection.expectAck('m1');
    time.advance(3_500);
    network.latest.deliver('pong');
    time.advance(5_000);
    connection.acked('m1');
    time.advance(10_000);
    expect(status()).toBe('open');
  });

  it('is noticed by an ack that does not come in its time', () => {
    const { time, network, connection } = setUpOpen({ policy: { ackTimeoutMs: 10_000 } });
    connection.send('hello');
    connection.expectAck('m1');
    time.advance(10_000);
    expect(connection.getState().cause).toEqual({ kind: 'ack timeout' });
    expect(network.sockets[0]?.closedWith).toBeDefined();
  });
});

describe('a line that answers', () => {
  it('lives, and tells how long the answer took', () => {
    const { time, network, heard, status } = setUpOpen({ heartbeat });
    time.advance(25_000);
    time.advance(30);
    network.latest.deliver('pong');
    expect(heard.onPong).toHaveBeenCalledExactlyOnceWith(30);
    expect(heard.onMessage).not.toHaveBeenCalled();
    time.advance(20_000);
    expect(status()).toBe('open');
  });

  it('with acks needs no pings', () => {
    const { time, network, connection, heard } = setUpOpen({ heartbeat });
    for (let round = 0; round < 5; round += 1) {
      connection.expectAck(`m${round}`);
      time.advance(3_000);
      connection.acked(`m${round}`);
      time.advance(20_000);
    }
    expect(network.latest.sent).toEqual([]);
    expect(heard.onAck).toHaveBeenCalledTimes(5);
    expect(heard.onAck).toHaveBeenCalledWith(3_000);
  });

  it('tells who asked how far away it is, also where an ack comes before the pong', async () => {
    const { time, network, connection, heard } = setUpOpen({ heartbeat });
    connection.expectAck('m1');
    const asked = connection.ping();
    time.advance(20);
    connection.acked('m1');
    time.advance(10);
    network.latest.deliver('pong');
    expect(heard.onPong).toHaveBeenCalledExactlyOnceWith(30);
    expect(await asked).toBe(30);
  });

  it('with any message, where no pong can be told apart', () => {
    const { isPong: _, ...plain } = heartbeat;
    const { time, network, heard, status } = setUpOpen({ heartbeat: plain });
    time.advance(30_000);
    network.latest.deliver('you said ping 1');
    expect(heard.onMessage).toHaveBeenCalledExactlyOnceWith('you said ping 1');
    time.advance(9_000);
    expect(status()).toBe('open');
  });

  it('beats as the server asks, once shaken hands', () => {
    const { time, network, connection } = setUpOpen({ heartbeat, handshake: 'manual' });
    connection.handshaken({ intervalMs: 2_000, timeoutMs: 1_000 });
    time.advance(2_000);
    expect(network.latest.sent).toEqual(['ping 1']);
  });

  it('is asked at once when the page wakes or the network is said to be gone', () => {
    const { network, connection, time } = setUpOpen({ heartbeat });
    connection.wake();
    network.latest.deliver('pong');
    connection.networkGone();
    expect(network.latest.sent).toEqual(['ping 1', 'ping 2']);
    time.advance(3_000);
    expect(connection.getState().cause).toEqual({ kind: 'heartbeat timeout' });
  });
});

describe('a close on purpose', () => {
  it('closes the socket with code and reason, and tells so', () => {
    const { network, connection, heard, status } = setUpOpen();
    connection.close(4000, 'signing off');
    expect(network.latest.closedWith).toEqual({ code: 4000, reason: 'signing off' });
    expect(heard.onClose).toHaveBeenCalledExactlyOnceWith({
      code: 4000,
      reason: 'signing off',
      wasClean: true,
    });
    expect(status()).toBe('closed');
  });

  it('stays closed, whatever the page hears and however long it waits', () => {
    const { network, connection, time, status } = setUpOpen({ heartbeat });
    connection.close();
    connection.wake();
    connection.networkGone();
    time.advance(3_600_000);
    expect(status()).toBe('closed');
    expect(network.sockets).toHaveLength(1);
    expect(time.armed).toBe(0);
  });

  it('ends the waiting for a next try', () => {
    const { network, connection, time, status } = setUp();
    connection.open();
    network.latest.end();
    connection.close();
    time.advance(3_600_000);
    expect(status()).toBe('closed');
    expect(network.sockets).toHaveLength(1);
  });

  it('refuses a code that a page may not send, and changes nothing', () => {
    const { connection, status } = setUpOpen();
    expect(() => connection.close(1001)).toThrow(RangeError);
    expect(status()).toBe('open');
  });
});

describe('a page that is put aside', () => {
  it('closes its socket without a code, stays closed, and opens one when it is back', () => {
    const { network, connection, time, heard, status } = setUpOpen({ heartbeat });
    connection.suspend();
    expect(network.latest.closedWith).toEqual({ code: undefined, reason: undefined });
    expect(heard.onClose).toHaveBeenCalledExactlyOnceWith({
      code: 1005,
      reason: '',
      wasClean: true,
    });
    time.advance(3_600_000);
    expect(network.sockets).toHaveLength(1);
    expect(time.armed).toBe(0);
    connection.wake();
    expect(status()).toBe('connecting');
    expect(network.sockets).toHaveLength(2);
  });
});

describe('a line that is being checked', () => {
  it('says so until an answer comes', () => {
    const { network, connection } = setUpOpen({ heartbeat });
    connection.wake();
    expect(connection.getState().isChecking).toBe(true);
    network.latest.deliver('pong');
    expect(connection.getState().isChecking).toBe(false);
  });

  it('without a heartbeat is not checked: there is nothing to ask with', () => {
    const { connection } = setUpOpen();
    connection.wake();
    expect(connection.getState()).toMatchObject({ status: 'open', isChecking: false });
  });
});

describe('sending', () => {
  it('says that nothing was sent when there is no open socket', () => {
    const { connection, network } = setUp();
    expect(connection.send('early')).toBe(false);
    connection.open();
    expect(connection.send('early')).toBe(false);
    network.latest.accept();
    expect(connection.send('now')).toBe(true);
    expect(network.latest.sent).toEqual(['now']);
  });

  it('carries text and binary', () => {
    const { connection, network, heard } = setUpOpen();
    const bytes = new Uint8Array([1, 2, 3]);
    connection.send(bytes);
    expect(network.latest.sent).toEqual([bytes]);
    network.latest.deliver(bytes.buffer);
    expect(heard.onMessage).toHaveBeenCalledExactlyOnceWith(bytes.buffer);
  });
});

describe('who subscribes', () => {
  it('hears every change of state, and nothing after unsubscribing', () => {
    const { connection, network } = setUp();
    const seen: string[] = [];
    const unsubscribe = connection.subscribe(() => seen.push(connection.getState().status));
    connection.open();
    network.latest.accept();
    unsubscribe();
    connection.close();
    expect(seen).toEqual(['connecting', 'open']);
  });

  it('may act on the connection from within a callback', () => {
    const { connection, network, status } = setUp();
    connection.listen({ onOpen: () => connection.close() });
    connection.open();
    network.latest.accept();
    expect(status()).toBe('closed');
  });
});
