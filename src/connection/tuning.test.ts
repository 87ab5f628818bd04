import { describe, expect, it } from 'vitest';
import { createFakeNetwork } from '../testing/fakeSocket';
import { createManualTime } from '../testing/manualTime';
import { createAdaptiveInterval } from './adaptiveInterval';
import { createConnection } from './connection';
import type { ConnectionOptions } from './contract';

const heartbeat = {
  intervalMs: 20_000,
  timeoutMs: 10_000,
  ping: (n: number, everyMs: number) => `ping ${n} every ${everyMs}`,
  isPong: (data: unknown) => data === 'pong',
};

function setUp(options: Partial<ConnectionOptions> = {}) {
  const time = createManualTime(0);
  const network = createFakeNetwork();
  const connection = createConnection({
    address: 'wss://chat.example/ws',
    time,
    random: () => 0,
    openSocket: network.open,
    isOnline: () => true,
    isHidden: () => false,
    heartbeat,
    ...options,
  });
  const connect = () => {
    connection.open();
    network.latest.accept();
  };
  return { time, network, connection, connect };
}

describe('a connection that is tuned while it runs', () => {
  it('pings by the new interval at once, reckoned from the last answer', () => {
    const { connection, connect, network, time } = setUp();
    connect();
    time.advance(3_000);
    connection.tune({ intervalMs: 5_000 });
    time.advance(1_999);
    expect(network.latest.sent).toEqual([]);
    time.advance(1);
    expect(network.latest.sent).toEqual(['ping 1 every 5000']);
  });

  it('pings now where the new interval is over already', () => {
    const { connection, connect, network, time } = setUp();
    connect();
    time.advance(15_000);
    connection.tune({ intervalMs: 5_000 });
    time.advance(0);
    expect(network.latest.sent).toHaveLength(1);
    expect(connection.deadlines().deadAt).toBe(25_000);
  });

  it('waits for a pong by the new timeout, for the ping that is out too', () => {
    const { connection, connect, network, time } = setUp();
    connect();
    time.advance(21_000);
    connection.tune({ timeoutMs: 30_000 });
    time.advance(28_000);
    expect(connection.getState().status).toBe('open');
    connection.tune({ timeoutMs: 2_000 });
    time.advance(0);
    expect(connection.getState().cause).toEqual({ kind: 'heartbeat timeout' });
    expect(network.sockets).toHaveLength(2);
  });

  it('waits for acks by the new time, for those that are expected too', () => {
    const { connection, connect, time } = setUp();
    connect();
    connection.expectAck('a');
    expect(connection.deadlines().ackBy).toBe(10_000);
    connection.tune({ ackTimeoutMs: 2_000 });
    expect(connection.deadlines().ackBy).toBe(2_000);
    time.advance(2_000);
    expect(connection.getState().cause).toEqual({ kind: 'ack timeout' });
  });

  it('waits between tries, and gives up, by the new backoff', () => {
    const { connection, connect, network, time } = setUp({ random: () => 0.5 });
    connection.tune({ baseMs: 2_000, capMs: 2_100, maxRetries: 3 });
    connect();
    const waits: number[] = [];
    for (let count = 0; count < 4; count += 1) {
      network.latest.end();
      const { retryAt } = connection.getState();
      if (retryAt === undefined) break;
      waits.push(retryAt - time.now());
      time.advance(retryAt - time.now());
    }
    expect(waits).toEqual([0, 1_050, 1_050]);
    expect(connection.getState().status).toBe('failed');
  });

  it('begins and ends to adapt', () => {
    const adaptive = createAdaptiveInterval();
    const { connection, connect, network, time } = setUp({
      heartbeat: { ...heartbeat, adaptive, isAdaptive: false },
    });
    expect(connection.effectiveTuning().isAdaptive).toBe(false);
    connection.tune({ isAdaptive: true });
    connect();
    for (const everyMs of [20_000, 20_000, 20_000, 30_000]) {
      time.advance(everyMs);
      expect(network.latest.sent.at(-1)).toContain(`every ${everyMs}`);
      network.latest.deliver('pong');
    }
    connection.tune({ isAdaptive: false });
    time.advance(20_000);
    expect(network.latest.sent.at(-1)).toBe('ping 5 every 20000');
  });

  it('forgets what it learnt of silences when they begin at another interval', () => {
    const adaptive = createAdaptiveInterval();
    const { connection, connect, network, time } = setUp({ heartbeat: { ...heartbeat, adaptive } });
    expect(connection.effectiveTuning().isAdaptive).toBe(true);
    connect();
    for (let round = 0; round < 3; round += 1) {
      time.advance(20_000);
      network.latest.deliver('pong');
    }
    expect(connection.deadlines().pingAt).toBe(time.now() + 30_000);
    connection.tune({ intervalMs: 8_000 });
    expect(connection.deadlines().pingAt).toBe(time.now() + 8_000);
  });

  it('does not adapt where it was not given what finds out how long a silence may be', () => {
    const { connection, connect, network, time } = setUp();
    connection.tune({ isAdaptive: true });
    connect();
    for (let round = 0; round < 9; round += 1) {
      time.advance(20_000);
      expect(network.latest.sent.at(-1)).toContain('every 20000');
      network.latest.deliver('pong');
    }
  });

  it('is tuned on every later line, too, whatever the server asks for', () => {
    const { connection, connect, time, network } = setUp({ handshake: 'manual' });
    connection.tune({ intervalMs: 2_000 });
    connect();
    connection.handshaken({ intervalMs: 60_000, timeoutMs: 5_000 });
    expect(connection.effectiveTuning()).toMatchObject({ intervalMs: 2_000, timeoutMs: 5_000 });
    time.advance(2_000);
    expect(network.latest.sent).toHaveLength(1);
  });

  it('is as before once that is undone', () => {
    const { connection, connect, time } = setUp({ policy: { maxRetries: 7 } });
    connect();
    const before = [connection.effectiveTuning(), connection.deadlines()];
    connection.tune({ intervalMs: 1, timeoutMs: 2, baseMs: 3, capMs: 4, maxRetries: 5 });
    connection.tune({});
    expect([connection.effectiveTuning(), connection.deadlines()]).toEqual(before);
    expect(before[0]).toMatchObject({
      intervalMs: 20_000,
      timeoutMs: 10_000,
      ackTimeoutMs: 10_000,
      baseMs: 500,
      capMs: 5_000,
      maxRetries: 7,
      isAdaptive: false,
    });
    connection.close();
    expect(time.armed).toBe(0);
  });

  it('says 0 for the times of a heartbeat that there is none of', () => {
    const connection = createConnection({ address: 'wss://chat.example/ws' });
    expect(connection.effectiveTuning()).toMatchObject({ intervalMs: 0, timeoutMs: 0 });
  });
});

describe('what is due next', () => {
  const nothing = {
    pingAt: undefined,
    deadAt: undefined,
    ackBy: undefined,
    connectBy: undefined,
    retryAt: undefined,
  };

  it('is nothing before the first try, and after a close', () => {
    const { connection, connect } = setUp();
    expect(connection.deadlines()).toEqual(nothing);
    connect();
    connection.expectAck('a');
    connection.close();
    expect(connection.deadlines()).toEqual(nothing);
  });

  it('is the end of the try that is under way', () => {
    const { connection } = setUp();
    connection.open();
    expect(connection.deadlines()).toEqual({ ...nothing, connectBy: 10_000 });
  });

  it('is the next ping, and then the moment at which the line is dead', () => {
    const { connection, connect, time, network } = setUp();
    connect();
    expect(connection.deadlines()).toEqual({ ...nothing, pingAt: 20_000 });
    time.advance(20_000);
    expect(connection.deadlines()).toEqual({ ...nothing, deadAt: 30_000 });
    network.latest.deliver('pong');
    expect(connection.deadlines()).toEqual({ ...nothing, pingAt: 40_000 });
  });

  it('is the ack that has been waited for longest', () => {
    const { connection, connect, time } = setUp();
    connect();
    connection.expectAck('a');
    time.advance(1_000);
    connection.expectAck('b');
    expect(connection.deadlines().ackBy).toBe(10_000);
    connection.acked('a');
    expect(connection.deadlines().ackBy).toBe(11_000);
  });

  it('is the next try', () => {
    const { connection, connect, network } = setUp({ random: () => 0.5 });
    connect();
    connection.returnWithin([4_000, 8_000]);
    network.latest.end();
    expect(connection.deadlines()).toEqual({ ...nothing, retryAt: 6_000 });
  });
});
