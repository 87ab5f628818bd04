import { describe, expect, it } from 'vitest';
import { createConnection } from '../connection/connection';
import { createFakeNetwork } from '../testing/fakeSocket';
import { createManualTime } from '../testing/manualTime';
import { tellLine } from './tellLine';

function setUp() {
  const time = createManualTime();
  const network = createFakeNetwork();
  const connection = createConnection({
    address: 'ws://chat.example/',
    time,
    random: () => 0,
    openSocket: network.open,
    heartbeat: {
      intervalMs: 1_000,
      timeoutMs: 500,
      ping: () => 'ping',
      isPong: (data) => data === 'pong',
    },
  });
  const told: string[] = [];
  const stop = tellLine(
    connection,
    {
      connection: ({ status }) => told.push(status),
      beat: ({ kind, rttMs }) => told.push(`${kind} ${rttMs}`),
    },
    time,
  );
  return { time, network, connection, told, stop };
}

describe('what is told of the line', () => {
  it('is its state from the start, each answer as a beat, and its loss as one too', () => {
    const { time, network, connection, told } = setUp();
    connection.open();
    network.latest.accept();
    time.advance(1_000);
    time.advance(20);
    network.latest.deliver('pong');
    connection.expectAck('a');
    time.advance(7);
    connection.acked('a');
    network.latest.end();
    expect(told).toEqual([
      'idle',
      'connecting',
      'open',
      'beat 20',
      'beat 7',
      'waiting',
      'lost undefined',
    ]);
  });

  it('is no beat when a try fails that never was open', () => {
    const { network, connection, told } = setUp();
    connection.open();
    network.latest.end();
    expect(told).toEqual(['idle', 'connecting', 'waiting']);
  });

  it('ends when it is stopped', () => {
    const { network, connection, told, stop } = setUp();
    stop();
    connection.open();
    network.latest.accept();
    expect(told).toEqual(['idle']);
  });
});
