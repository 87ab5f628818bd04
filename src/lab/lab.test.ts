import { describe, expect, it } from 'vitest';
import { createConnection } from '../connection/connection';
import { createFakeNetwork } from '../testing/fakeSocket';
import { createManualTime } from '../testing/manualTime';
import { createLab } from './lab';
import type { LineEvent } from './types';

const url = 'wss://chat.example/ws';

/** A connection through the lab, on a network and a clock that the test has. */
function setUp() {
  const time = createManualTime();
  const network = createFakeNetwork();
  const changes: unknown[] = [];
  const lab = createLab({
    time,
    isOnline: () => true,
    pageUrl: () => 'https://chat.example/?room=tea',
    random: () => 0.5,
    onChange: (change) => changes.push(change),
  });
  const connection = createConnection({
    address: url,
    time: lab.time,
    random: () => 0,
    openSocket: lab.wrap(network.open),
    isOnline: lab.isOnline,
    isHidden: () => false,
    heartbeat: {
      intervalMs: 25_000,
      timeoutMs: 10_000,
      ping: (n) => `ping ${n}`,
      isPong: (data) => data === 'pong',
    },
  });
  const heard: unknown[] = [];
  connection.listen({ onMessage: (data) => heard.push(data) });
  const unwatch = lab.watch(connection);
  const connect = () => {
    connection.open();
    network.latest.accept();
  };
  return { time, network, lab, connection, heard, changes, unwatch, connect };
}

/** Everything that is kept, the oldest first. */
function eventsOf({ log }: Pick<ReturnType<typeof createLab>, 'log'>): LineEvent[] {
  const events: LineEvent[] = [];
  for (let number = log.firstNumber; number < log.nextNumber; number += 1) {
    const event = log.at(number);
    if (event) events.push(event);
  }
  return events;
}

describe('the lab', () => {
  it('records what happens on the line, in its order, and stands in nobody’s way', () => {
    const { lab, connection, network, heard, time, connect } = setUp();
    connect();
    connection.send('hello');
    network.latest.deliver('hi');
    connection.expectAck('a');
    time.advance(40);
    connection.acked('a');
    network.latest.end(1012, 'restart', true);
    expect(heard).toEqual(['hi']);
    expect(network.latest.sent).toEqual(['hello']);
    expect(eventsOf(lab).map(({ number, at, ...event }) => event)).toMatchObject([
      { kind: 'socket', what: 'opening', url },
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
});
