/** What users of other libraries suffered from lines that were dead, or taken for dead. */
import { describe, expect, it } from 'vitest';
import { createConnection } from '../../connection/connection';
import type { ConnectionOptions } from '../../connection/contract';
import { createWorkerTime } from '../../connection/workerTime';
import { createChatWorld, settle } from '../../testing/chatWorld';
import { createFakeNetwork } from '../../testing/fakeSocket';
import { createFakeWorkers } from '../../testing/fakeWorkers';
import { createManualTime } from '../../testing/manualTime';

function openLine(options: Partial<ConnectionOptions> = {}) {
  const time = createManualTime();
  const network = createFakeNetwork();
  const connection = createConnection({
    address: 'wss://chat.example/ws',
    heartbeat: {
      intervalMs: 25_000,
      timeoutMs: 10_000,
      ping: () => 'ping',
      isPong: (data) => data === 'pong',
    },
    time,
    random: () => 0,
    openSocket: network.open,
    ...options,
  });
  connection.open();
  network.latest.accept();
  const first = network.latest;
  /** Lets time pass; the server answers each ping after `rttMs`. */
  const live = (seconds: number, rttMs = 0) => {
    let answered = network.latest.sent.length;
    for (let second = 0; second < seconds; second += 1) {
      time.advance(1_000);
      if (network.latest.sent.length > answered) {
        answered = network.latest.sent.length;
        const socket = network.latest;
        time.after(rttMs, () => socket.deliver('pong'));
      }
    }
  };
  return { time, network, connection, first, live };
}

describe('a dead line', () => {
  it('is left when its heartbeat dies, though close() hangs and no close event ever comes (react-use-websocket #238, #260; SocketRocket #562, #642)', () => {
    const { time, network, connection, first } = openLine();
    time.advance(35_000);
    expect(connection.getState().status).not.toBe('open');
    expect(first.readyState).toBe(2);
    expect([first.onopen, first.onmessage, first.onerror, first.onclose]).toEqual(
      Array(4).fill(null),
    );
    time.advance(0);
    network.latest.accept();
    expect(connection.getState().status).toBe('open');
  });

  it('is noticed without any close event (reconnecting-websocket #54), in interval and timeout, not in a minute (centrifuge #203)', () => {
    const { time, connection } = openLine();
    time.advance(34_999);
    expect(connection.getState().status).toBe('open');
    time.advance(1);
    expect(connection.getState().cause).toEqual({ kind: 'heartbeat timeout' });
  });

  it('is asked at once when the phone says that its network is gone (centrifuge #204, #228, #234)', () => {
    const { time, connection } = openLine();
    connection.networkGone();
    time.advance(3_000);
    expect(connection.getState().status).not.toBe('open');
  });

  it('that calls itself OPEN after the lock screen, while send and close do nothing, is found out and replaced (graphql-ws #289, #117; trpc #4078)', async () => {
    const world = createChatWorld();
    world.connect();
    world.serverSends({ t: 'pong', n: 1 });
    await settle();
    world.time.sleep(600_000);
    world.connection.wake();
    world.session.actions.send('after the lock screen');
    await settle();
    expect(world.sentOf('send')).toEqual([]);
    world.time.advance(3_000);
    world.time.advance(0);
    world.sayHello();
    world.sayReady();
    await settle();
    expect(world.network.sockets).toHaveLength(2);
    expect(world.sentOf('send')).toMatchObject([{ body: 'after the lock screen' }]);
  });
});

describe('a line that lives', () => {
  it('is not killed by its own heartbeat, however close ping and timeout are, nor by slow answers (react-use-websocket #250, #255)', () => {
    const { connection, network, live } = openLine({
      heartbeat: {
        intervalMs: 10_000,
        timeoutMs: 10_000,
        ping: () => 'ping',
        isPong: (data) => data === 'pong',
      },
    });
    live(3_600, 8_900);
    expect(connection.getState().status).toBe('open');
    expect(network.sockets).toHaveLength(1);
  });

  it('is never silent for long enough to be forgotten by the network, and so does not swallow the next message (cloudflare/agents #2242)', () => {
    const { time, network, live } = openLine();
    let longestSilence = 0;
    let saidAt = time.now();
    for (let second = 0; second < 1_800; second += 1) {
      const before = network.latest.sent.length;
      live(1);
      if (network.latest.sent.length > before) saidAt = time.now();
      longestSilence = Math.max(longestSilence, time.now() - saidAt);
    }
    expect(longestSilence).toBeLessThanOrEqual(25_000);
    expect(network.sockets).toHaveLength(1);
  });

  it('is not cut because it is busy: acks are life, too (socket.io #5450)', () => {
    const { time, connection, network } = openLine();
    for (let round = 0; round < 600; round += 1) {
      connection.expectAck(`m${round}`);
      time.advance(900);
      connection.acked(`m${round}`);
    }
    expect(connection.getState().status).toBe('open');
    expect(network.sockets).toHaveLength(1);
  });

  it('is kept in a minimised tab, whose own timers hardly fire (socket.io #4040)', () => {
    const time = createManualTime();
    const { start } = createFakeWorkers(time);
    // The page's own timers never fire; its clock goes on, and the worker's timers do.
    const throttled = { now: time.now, after: () => () => {} };
    const network = createFakeNetwork();
    const connection = createConnection({
      address: 'wss://chat.example/ws',
      heartbeat: {
        intervalMs: 25_000,
        timeoutMs: 10_000,
        ping: () => 'ping',
        isPong: (data) => data === 'pong',
      },
      time: createWorkerTime(start, throttled),
      random: () => 0,
      openSocket: network.open,
    });
    connection.open();
    network.latest.accept();
    for (let beat = 1; beat <= 24; beat += 1) {
      time.advance(25_000);
      expect(network.latest.sent).toHaveLength(beat);
      network.latest.deliver('pong');
    }
    expect(network.sockets).toHaveLength(1);
    time.advance(35_000);
    expect(network.sockets.length).toBeGreaterThan(1);
  });
});

describe('after a sleep', () => {
  it('a message does not go into a line that has expired meanwhile (socket.io #5135)', async () => {
    const world = createChatWorld();
    world.connect();
    world.serverSends({ t: 'pong', n: 1 });
    await settle();
    world.time.sleep(3_600_000);
    // The timer that was due in the meantime fires late, and asks first.
    world.time.advance(0);
    world.session.actions.send('good morning');
    await settle();
    world.time.advance(3_000);
    world.time.advance(0);
    expect(world.network.sockets).toHaveLength(2);
    world.sayHello();
    world.sayReady();
    await settle();
    expect(world.sentOf('send')).toMatchObject([{ body: 'good morning' }]);
    expect(world.bodies()).toEqual(['good morning (sending)']);
  });

  it('a line that still lives is not thrown away for the sleep alone (Expensify/App #96883)', () => {
    const { time, network, connection, live } = openLine();
    time.sleep(600_000);
    live(5);
    live(600);
    expect(network.sockets).toHaveLength(1);
    expect(connection.getState()).toMatchObject({ status: 'open', isChecking: false });
  });
});
