/**
 * What users of other libraries have suffered from lines that were dead and said OPEN, and from lines
 * that were cut though they lived. README.md has the list.
 */
import { describe, expect, it } from 'vitest';
import { createConnection } from '../../connection/connection';
import type { ConnectionOptions, SocketClose } from '../../connection/contract';
import { createFakeNetwork, type FakeSocket } from '../../testing/fakeSocket';
import { createManualTime } from '../../testing/manualTime';
import { settle } from '../../testing/settle';
import { type ChatWorld, createWorldToLetIn } from './lettingIn';

const heartbeat = {
  intervalMs: 25_000,
  timeoutMs: 10_000,
  ping: (n: number) => `ping ${n}`,
  isPong: (data: unknown) => data === 'pong',
};
/** The longest that a dead line may pass for a live one: interval and timeout. */
const noticedMs = heartbeat.intervalMs + heartbeat.timeoutMs;

function setUpOpen(options: Partial<ConnectionOptions> = {}) {
  const time = createManualTime();
  const network = createFakeNetwork();
  const connection = createConnection({
    address: 'wss://chat.example/ws',
    heartbeat,
    time,
    random: () => 0,
    openSocket: network.open,
    ...options,
  });
  const closes: (SocketClose & { at: number })[] = [];
  connection.listen({ onClose: (close) => closes.push({ ...close, at: time.now() }) });
  connection.open();
  network.latest.accept();
  return { time, network, connection, closes, first: network.latest };
}

/** A server that answers the pings on `socket`, each after `delayMs`, while time passes. */
function passAnswering(
  { time, connection }: ReturnType<typeof setUpOpen>,
  socket: FakeSocket,
  delayMs: number,
  ms: number,
) {
  let answered = 0;
  for (let passed = 0; passed < ms; passed += 100) {
    time.advance(100);
    for (; answered < socket.sent.length; answered += 1) {
      time.after(delayMs, () => socket.deliver('pong'));
    }
    if (connection.getState().status !== 'open') return;
  }
}

describe('a line that is dead and says OPEN', () => {
  it('is left the moment the heartbeat says so, not a minute in CLOSING later (react-use-websocket #238, #260)', () => {
    const { time, network, connection, closes, first } = setUpOpen();
    const diedAt = time.now();
    time.advance(noticedMs);
    expect(network.sockets).toHaveLength(2);
    expect(closes).toEqual([{ code: 1006, reason: '', wasClean: false, at: diedAt + noticedMs }]);
    network.latest.accept();
    expect(connection.getState().status).toBe('open');
    // The dead socket is still closing, and would be for long.
    expect(first.readyState).toBe(2);
  });

  it('is not kept in memory by the socket that never finishes closing (SocketRocket #562, #642)', () => {
    const { time, first, closes, network, connection } = setUpOpen();
    time.advance(noticedMs);
    const { onopen, onmessage, onerror, onclose } = first;
    expect([onopen, onmessage, onerror, onclose]).toEqual([null, null, null, null]);
    expect(closes).toHaveLength(1);
    time.advance(0);
    network.latest.accept();
    // Minutes later the system gives the old socket up.
    first.end(1006);
    expect(closes).toHaveLength(1);
    expect(connection.getState().status).toBe('open');
  });

  it('is left though no close event ever comes, and nobody has to call reconnect (reconnecting-websocket #54)', () => {
    const { time, network, connection } = setUpOpen();
    for (let round = 1; round <= 5; round += 1) {
      time.advance(noticedMs);
      expect(network.sockets).toHaveLength(round + 1);
      network.latest.accept();
    }
    expect(connection.getState().status).toBe('open');
  });

  it('on which send and close do nothing is left within 3 s of the page’s return (graphql-ws #289, #117, trpc #4078)', () => {
    const { time, network, connection, first } = setUpOpen();
    // Behind a lock screen the socket stays OPEN and swallows everything.
    Object.assign(first, { send: () => {}, close: () => {} });
    connection.wake();
    time.advance(2_999);
    expect(connection.getState()).toMatchObject({ status: 'open', isChecking: true });
    time.advance(1);
    time.advance(0);
    expect(network.sockets).toHaveLength(2);
    network.latest.accept();
    expect(connection.getState().status).toBe('open');
  });

  it('is left within 3 s when the browser says that the network is gone, and tried without waiting for its close (centrifuge-js #203)', () => {
    const { time, network, connection } = setUpOpen();
    connection.networkGone();
    time.advance(3_000);
    time.advance(0);
    expect(network.sockets).toHaveLength(2);
  });
});

describe('a line that lives', () => {
  it('is not cut where interval and timeout are close and answers slow (react-use-websocket #250, #255)', () => {
    for (const timing of [
      { intervalMs: 5_000, timeoutMs: 5_000 },
      { intervalMs: 4_000, timeoutMs: 5_000 },
      { intervalMs: 5_000, timeoutMs: 4_950 },
    ]) {
      const world = setUpOpen({ heartbeat: { ...heartbeat, ...timing } });
      passAnswering(world, world.first, 4_800, 600_000);
      expect(world.closes).toEqual([]);
      expect(world.first.sent.length).toBeGreaterThan(50);
    }
  });

  it('and is busy is not cut for a pong that does not come, while what it sends is acked (socket.io #5450)', () => {
    const { time, connection, closes } = setUpOpen();
    void connection.ping();
    for (let second = 0; second < 60; second += 1) {
      connection.expectAck(`m${second}`);
      time.advance(1_000);
      connection.acked(`m${second}`);
    }
    expect(closes).toEqual([]);
  });

  it('and is busy is not cut where any message counts for an answer (socket.io #5450)', () => {
    const { isPong: _, ...anyMessage } = heartbeat;
    const { time, closes, first } = setUpOpen({ heartbeat: anyMessage });
    for (let second = 0; second < 300; second += 1) {
      time.advance(1_000);
      first.deliver(`number ${second}`);
    }
    expect(closes).toEqual([]);
  });

  it('is not cut because the machine slept: what has arrived meanwhile is read first (Pusher #539, Expensify #3892)', () => {
    const { time, closes, first, connection } = setUpOpen();
    time.advance(25_000);
    expect(first.sent).toEqual(['ping 1']);
    time.sleep(3_600_000);
    time.advance(0);
    first.deliver('pong');
    time.advance(3_000);
    expect(closes).toEqual([]);
    expect(connection.getState().status).toBe('open');
  });
});

describe('a network that forgets silent lines, and tells nobody', () => {
  /** What lies between page and server forgets the line after `keptMs` of silence. */
  function passIdle({ time, network, answerPings }: ChatWorld, keptMs: number, ms: number) {
    const socket = network.latest;
    let heard = socket.sent.length;
    let lastAt = time.now();
    for (let passed = 0; passed < ms; passed += 1_000) {
      time.advance(1_000);
      if (network.latest !== socket) return;
      if (time.now() - lastAt > keptMs || socket.sent.length === heard) continue;
      answerPings();
      heard = socket.sent.length;
      lastAt = time.now();
    }
  }

  it('keeps ours over an hour of idling, and the next message arrives (cloudflare/agents #2242)', async () => {
    const world = createWorldToLetIn();
    world.connection.open();
    await world.letIn();
    passIdle(world, 60_000, 3_600_000);
    world.actions.send('still there?');
    await settle();
    expect(world.network.sockets).toHaveLength(1);
    expect(world.sentOf('send')).toHaveLength(1);
    world.ack('id1');
    expect(world.bodies()).toEqual(['still there? (sent)']);
  });

  it('and does so within less than a beat, costs a new line, not the next message (cloudflare/agents #2242)', async () => {
    const world = createWorldToLetIn();
    world.connection.open();
    await world.letIn();
    passIdle(world, 20_000, 133_000);
    await settle();
    world.actions.send('is anybody there?');
    await settle();
    expect(world.bodies()).toEqual(['is anybody there? (queued)']);
    await world.letIn();
    expect(world.sentOf('send')).toMatchObject([{ id: 'id1' }]);
  });
});

describe('a page whose timers stand still', () => {
  it('sends all the same: no timer stands between a message and its line (engine.io #649)', async () => {
    const { connection, letIn, network, time, actions, sentOf } = createWorldToLetIn();
    connection.open();
    await letIn();
    const armed = time.armed;
    // A minimised tab’s timers fire late or never; here the clock is not moved at all.
    actions.send('from a minimised tab');
    await settle();
    expect(sentOf('send')).toMatchObject([{ body: 'from a minimised tab' }]);
    expect(network.latest.bufferedAmount).toBe(0);
    // The one more is for the ack.
    expect(time.armed).toBe(armed + 1);
  });

  it('hands nothing new to a line that has expired in its sleep, and loses nothing (socket.io #5135)', async () => {
    const { connection, letIn, time, actions, sentOf, bodies, network, ack } = createWorldToLetIn();
    connection.open();
    await letIn();
    time.sleep(8 * 3_600_000);
    connection.wake();
    actions.send('good morning');
    await settle();
    expect(sentOf('send')).toEqual([]);
    time.advance(3_000);
    time.advance(0);
    expect(network.sockets).toHaveLength(2);
    await letIn();
    expect(sentOf('send')).toMatchObject([{ id: 'id1', body: 'good morning' }]);
    ack('id1');
    expect(bodies()).toEqual(['good morning (sent)']);
  });

  it('and that nobody told of its waking sends again, under the same id, what went into the dead line (socket.io #5135)', async () => {
    const { connection, letIn, time, actions, sentOf, bodies, network, ack } = createWorldToLetIn();
    connection.open();
    await letIn();
    time.sleep(8 * 3_600_000);
    actions.send('good morning');
    await settle();
    // The late timer asks at once, and allows the answer 3 s.
    time.advance(3_000);
    expect(network.sockets).toHaveLength(2);
    await letIn();
    expect(sentOf('send')).toMatchObject([{ id: 'id1', body: 'good morning' }]);
    ack('id1');
    expect(bodies()).toEqual(['good morning (sent)']);
  });
});
