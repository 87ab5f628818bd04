/** A connection through a lab, on a network and a clock that the test has; for tests of the lab. */
import { createConnection } from '../connection/connection';
import { createLab, type Lab } from '../lab/lab';
import type { LineEvent } from '../lab/types';
import { createFakeNetwork } from './fakeSocket';
import { createManualTime } from './manualTime';

export const labUrl = 'wss://chat.example/ws';

export function createLabLine() {
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
  const openSocket = lab.wrap(network.open);
  const connection = createConnection({
    address: labUrl,
    time: lab.time,
    random: () => 0.5,
    openSocket,
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
  return { time, network, lab, openSocket, connection, heard, changes, unwatch, connect };
}

/** Everything that is kept, the oldest first. */
export function eventsOf({ log }: Pick<Lab, 'log'>): LineEvent[] {
  const events: LineEvent[] = [];
  for (let number = log.firstNumber; number < log.nextNumber; number += 1) {
    const event = log.at(number);
    if (event) events.push(event);
  }
  return events;
}
