import { describe, expect, it } from 'vitest';
import { createLabLine, eventsOf, labUrl } from '../testing/labLine';
import { noFaults } from './types';

/** What was recorded, without number and time. */
const happened = (line: ReturnType<typeof createLabLine>) =>
  eventsOf(line.lab).map(({ number, at, ...event }) => event);
const framesOf = (line: ReturnType<typeof createLabLine>) =>
  happened(line).flatMap((event) =>
    event.kind === 'frame' ? [`${event.direction} ${event.text} ${event.fate ?? 'passed'}`] : [],
  );

describe('the lab with nothing switched on', () => {
  it('records what happens on the line, in its order, and stands in nobody’s way', () => {
    const line = createLabLine();
    const { connection, network, heard, time, connect } = line;
    connect();
    connection.send('hello');
    network.latest.deliver('hi');
    connection.expectAck('a');
    time.advance(40);
    connection.acked('a');
    network.latest.end(1012, 'restart', true);
    expect(heard).toEqual(['hi']);
    expect(network.latest.sent).toEqual(['hello']);
    expect(happened(line)).toMatchObject([
      { kind: 'socket', what: 'opening', url: labUrl },
      { kind: 'state', from: 'idle', state: { status: 'connecting' } },
      { kind: 'socket', what: 'open' },
      { kind: 'state', from: 'connecting', state: { status: 'open' } },
      { kind: 'frame', direction: 'out', text: 'hello', bytes: 5, fate: undefined },
      { kind: 'frame', direction: 'in', text: 'hi', bytes: 2, fate: undefined },
      { kind: 'answer', to: 'message', rttMs: 40 },
      { kind: 'socket', what: 'closed', code: 1012, reason: 'restart', wasClean: true },
      { kind: 'state', from: 'open', state: { status: 'waiting' } },
    ]);
  });

  it('records binary messages by their size', () => {
    const line = createLabLine();
    line.connect();
    line.connection.send(new Uint8Array([1, 2, 3]));
    expect(happened(line).at(-1)).toMatchObject({ kind: 'frame', text: undefined, bytes: 3 });
  });

  it('tells a person’s close from a socket that was left', () => {
    const line = createLabLine();
    line.connect();
    line.connection.close(1000, 'bye');
    line.connect();
    line.connection.notUnderstood();
    const ends = happened(line).flatMap((event) =>
      event.kind === 'socket' && event.what !== 'open' && event.what !== 'opening' ? [event] : [],
    );
    expect(ends).toEqual([
      { kind: 'socket', what: 'closed', url: labUrl, code: 1000, reason: 'bye', wasClean: true },
      { kind: 'socket', what: 'abandoned', url: labUrl },
    ]);
  });

  it('leaves nothing behind', () => {
    const { connection, connect, time } = createLabLine();
    connect();
    connection.close();
    expect(time.armed).toBe(0);
  });
});

describe('a line that somebody ends', () => {
  it('ends with 1006 when it is cut, and is tried again', () => {
    const { lab, connection, connect, network, time } = createLabLine();
    connect();
    lab.actions.cut();
    expect(connection.getState().cause).toEqual({
      kind: 'closed',
      code: 1006,
      reason: '',
      wasClean: false,
    });
    expect(network.latest.closedWith).toEqual({ code: undefined, reason: undefined });
    time.advance(0);
    expect(network.sockets).toHaveLength(2);
  });

  it('ends with the code that the server hangs up with, and what that forbids is not tried', () => {
    const { lab, connection, connect } = createLabLine();
    connect();
    lab.actions.hangUp(4503, 'go away');
    expect(connection.getState()).toMatchObject({
      status: 'failed',
      cause: { kind: 'closed', code: 4503, reason: 'go away', wasClean: true },
    });
  });

  it.each([
    [999, 1000],
    [5000, 4999],
    [Number.NaN, 1000],
  ])('takes %s for the close code %s', (asked, code) => {
    const { lab, connection, connect } = createLabLine();
    connect();
    lab.actions.hangUp(asked, 'x'.repeat(200));
    expect(connection.getState().cause).toMatchObject({ kind: 'closed', code });
  });
});

describe('a frozen line', () => {
  it.each(['both', 'in', 'out'] as const)('is silent (%s), and dead to the heartbeat', (frozen) => {
    const { lab, connection, connect, network, time } = createLabLine();
    connect();
    lab.actions.setFaults({ frozen });
    time.advance(25_000);
    if (frozen === 'in') network.latest.deliver('pong');
    expect(network.latest.sent).toEqual(frozen === 'in' ? ['ping 1'] : []);
    expect(connection.getState().status).toBe('open');
    time.advance(9_000);
    expect(connection.getState().cause).toEqual({ kind: 'heartbeat timeout' });
  });

  it('goes on where it was when it thaws in time, with everything in order', () => {
    const line = createLabLine();
    const { lab, connection, connect, network, heard, time } = line;
    connect();
    lab.actions.setFaults({ frozen: 'both' });
    connection.send('one');
    connection.send('two');
    network.latest.deliver('three');
    expect(network.latest.sent).toEqual([]);
    expect(heard).toEqual([]);
    expect(framesOf(line)).toEqual(['out one lost', 'out two lost', 'in three lost']);
    lab.actions.setFaults({ frozen: 'no' });
    time.advance(0);
    expect(network.latest.sent).toEqual(['one', 'two']);
    expect(heard).toEqual(['three']);
    expect(framesOf(line).slice(3).sort()).toEqual([
      'in three delayed',
      'out one delayed',
      'out two delayed',
    ]);
  });

  it('counts what waits to leave as buffered', () => {
    const { lab, openSocket, network } = createLabLine();
    const socket = openSocket(labUrl, []);
    network.latest.accept();
    lab.actions.setFaults({ frozen: 'out' });
    socket.send('four');
    expect(socket.bufferedAmount).toBe(4);
  });

  it('does not let the page know that the server hung up', () => {
    const { lab, connection, connect, network, time } = createLabLine();
    connect();
    lab.actions.setFaults({ frozen: 'in' });
    network.latest.end(1001, 'going', true);
    expect(connection.getState().status).toBe('open');
    lab.actions.clearFaults();
    time.advance(0);
    expect(connection.getState().cause).toMatchObject({ code: 1001 });
  });

  it('opens no connection before it thaws', () => {
    const { lab, connection, network, time } = createLabLine();
    lab.actions.setFaults({ frozen: 'in' });
    connection.open();
    time.advance(1_000);
    expect(network.sockets).toHaveLength(0);
    lab.actions.clearFaults();
    time.advance(0);
    network.latest.accept();
    expect(connection.getState().status).toBe('open');
  });

  it('is given up when it holds more than a line could', () => {
    const { lab, connection, connect, network, time } = createLabLine();
    connect();
    lab.actions.setFaults({ frozen: 'out' });
    for (let count = 0; count < 17; count += 1) connection.send('x'.repeat(1_048_576));
    expect(network.latest.closedWith).toBeDefined();
    lab.actions.clearFaults();
    time.advance(0);
    expect(connection.getState().cause).toMatchObject({ code: 1006 });
    expect(network.sockets[0]?.sent).toEqual([]);
  });
});

describe('a delay', () => {
  it('makes everything late, each way, and keeps the order', () => {
    const line = createLabLine();
    const { lab, connection, connect, network, heard, time } = line;
    connect();
    lab.actions.setFaults({ delayMs: 500 });
    connection.send('one');
    network.latest.deliver('two');
    time.advance(499);
    connection.send('three');
    expect([network.latest.sent, heard]).toEqual([[], []]);
    time.advance(1);
    expect([network.latest.sent, heard]).toEqual([['one'], ['two']]);
    time.advance(499);
    expect(network.latest.sent).toEqual(['one', 'three']);
    expect(framesOf(line)).toEqual(['out one delayed', 'out three delayed', 'in two delayed']);
  });

  it('lets nothing overtake what is under way when it is switched off', () => {
    const { lab, connection, connect, network, time } = createLabLine();
    connect();
    lab.actions.setFaults({ delayMs: 30_000 });
    connection.send('one');
    lab.actions.clearFaults();
    connection.send('two');
    time.advance(0);
    expect(network.latest.sent).toEqual(['one', 'two']);
  });

  it('lets a goodbye leave behind what was sent before it', () => {
    const { lab, connection, connect, network, time } = createLabLine();
    connect();
    lab.actions.setFaults({ delayMs: 100 });
    connection.send('last words');
    connection.close(1000, 'bye');
    expect(network.latest.closedWith).toBeUndefined();
    time.advance(100);
    expect(network.latest.sent).toEqual(['last words']);
    expect(network.latest.closedWith).toEqual({ code: 1000, reason: 'bye' });
  });
});

describe('a line that loses and doubles', () => {
  it('loses so many of 100 messages, each way', () => {
    const line = createLabLine();
    const { lab, connection, connect, network, heard } = line;
    connect();
    lab.actions.setFaults({ lostPercent: 100 });
    connection.send('one');
    network.latest.deliver('two');
    expect([network.latest.sent, heard]).toEqual([[], []]);
    expect(framesOf(line)).toEqual(['out one lost', 'in two lost']);
    // Chance stands at 50 of 100 here.
    lab.actions.setFaults({ lostPercent: 50 });
    connection.send('three');
    lab.actions.setFaults({ lostPercent: 51 });
    connection.send('four');
    expect(network.latest.sent).toEqual(['three']);
  });

  it('brings messages twice, each way', () => {
    const line = createLabLine();
    const { lab, connection, connect, network, heard } = line;
    connect();
    lab.actions.setFaults({ duplicatedPercent: 100 });
    connection.send('one');
    network.latest.deliver('two');
    expect(network.latest.sent).toEqual(['one', 'one']);
    expect(heard).toEqual(['two', 'two']);
    expect(framesOf(line)).toEqual([
      'out one passed',
      'out one duplicated',
      'in two passed',
      'in two duplicated',
    ]);
  });
});

describe('a network that cannot be had', () => {
  it('refuses every new connection, and leaves the open one alone', () => {
    const { lab, connection, connect, network, time } = createLabLine();
    connect();
    lab.actions.setFaults({ isRefusing: true });
    expect(connection.getState().status).toBe('open');
    lab.actions.cut();
    time.advance(0);
    expect(connection.getState()).toMatchObject({
      status: 'waiting',
      attempt: 2,
      cause: { kind: 'closed', code: 1006 },
    });
    expect(network.sockets).toHaveLength(1);
    lab.actions.clearFaults();
    time.advance(1_000);
    expect(network.sockets).toHaveLength(2);
  });

  it('takes the line when the browser is offline, and tries at once when it is online again', () => {
    const { lab, connection, connect, network } = createLabLine();
    connect();
    lab.actions.setFaults({ isOffline: true });
    expect(lab.isOnline()).toBe(false);
    expect(connection.getState().status).toBe('offline');
    expect(network.sockets).toHaveLength(1);
    lab.actions.setFaults({ isOffline: false });
    expect(lab.isOnline()).toBe(true);
    expect(connection.getState().status).toBe('connecting');
    expect(network.sockets).toHaveLength(2);
  });
});

describe('skipped time', () => {
  it('is like a sleep: the clock jumps, and the line has to prove that it lives', () => {
    const { lab, connection, connect, network, time, changes } = createLabLine();
    connect();
    const before = lab.actions.now();
    lab.actions.skipTime(3_600_000);
    expect(lab.actions.now() - before).toBe(3_600_000);
    expect(changes.at(-1)).toMatchObject({ skippedMs: 3_600_000 });
    time.advance(0);
    expect(network.latest.sent).toEqual(['ping 1']);
    time.advance(3_000);
    expect(connection.getState().cause).toEqual({ kind: 'heartbeat timeout' });
  });

  it.each([-5, Number.NaN])('does nothing when it is %s ms', (ms) => {
    const { lab } = createLabLine();
    const before = lab.actions.now();
    lab.actions.skipTime(ms);
    expect(lab.actions.now()).toBe(before);
  });
});

describe('the switches', () => {
  it('hold within their ranges, and tell whoever draws them', () => {
    const { lab, changes } = createLabLine();
    lab.actions.setFaults({ delayMs: 99_999, lostPercent: -1, duplicatedPercent: 12.4 });
    expect(changes.at(-1)).toMatchObject({
      faults: { delayMs: 30_000, lostPercent: 0, duplicatedPercent: 12 },
    });
    lab.actions.clearFaults();
    expect(changes.at(-1)).toEqual({ faults: noFaults, tuning: {}, skippedMs: 0 });
  });

  it('stay for the next connection, and end with the page’s', () => {
    const line = createLabLine();
    const stop = line.lab.start();
    line.lab.actions.tune({ intervalMs: 5_000 });
    line.lab.actions.setFaults({ delayMs: 100 });
    expect(line.connection.effectiveTuning().intervalMs).toBe(5_000);
    stop();
    expect(line.connection.effectiveTuning().intervalMs).toBe(25_000);
    expect(line.changes.at(-1)).toEqual({ faults: noFaults, tuning: {}, skippedMs: 0 });
  });

  it('tune the connection that is watched, and one that comes later', () => {
    const { lab, connection, unwatch, changes } = createLabLine();
    lab.actions.tune({ intervalMs: 3_000 });
    lab.actions.tune({ capMs: 1_000, isAdaptive: true });
    expect(changes.at(-1)).toMatchObject({
      tuning: { intervalMs: 3_000, capMs: 1_000, isAdaptive: true },
    });
    expect(lab.actions.effectiveTuning()).toMatchObject({ intervalMs: 3_000, capMs: 1_000 });
    lab.actions.tune({ intervalMs: undefined });
    expect(connection.effectiveTuning().intervalMs).toBe(25_000);
    unwatch();
    lab.actions.resetTuning();
    lab.watch(connection);
    expect(connection.effectiveTuning()).toMatchObject({ capMs: 5_000, isAdaptive: false });
  });

  it('are in a link', async () => {
    const { lab } = createLabLine();
    expect(await lab.actions.tuningLink({ intervalMs: 3_000, isAdaptive: false })).toBe(
      'https://chat.example/?room=tea&tune=interval-3000.adaptive-off',
    );
  });
});

describe('a recording', () => {
  it('holds what is kept, and is read again as it was', async () => {
    const { lab, connection, connect, network } = createLabLine();
    connect();
    connection.send('hello');
    network.latest.end(1012, 'restart', true);
    lab.pushed('page');
    const text = await lab.actions.exportRecording();
    const recording = await lab.actions.readRecording(text);
    expect(recording).toEqual({
      savedAt: lab.actions.now(),
      url: labUrl,
      events: eventsOf(lab),
    });
  });

  it('says what is wrong with another file', async () => {
    const { lab } = createLabLine();
    await expect(lab.actions.readRecording('{}')).rejects.toMatchObject({
      problem: { kind: 'no recording' },
    });
  });
});
