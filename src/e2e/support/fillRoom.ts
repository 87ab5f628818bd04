/** A room that was talked in for long before the test begins: its messages are put into the server's log. */

import { openSqliteStore } from '../../server/log/sqliteStore';
import { openExistingDatabase } from '../../server/node/sqliteDriver';
import type { ServerProcess } from './serverProcess';

export interface FillRoomOptions {
  room: string;
  count: number;
  /** Texts by place, from 1 on. */
  bodyOf?(place: number): string;
}

/** A minute apart, by three people in turn, each of whom says two things in a row. */
export async function fillRoom(server: ServerProcess, options: FillRoomOptions): Promise<void> {
  const { room, count, bodyOf = (place) => `number ${place}` } = options;
  await server.kill('SIGTERM');
  const store = openSqliteStore(openExistingDatabase(`${server.dataDir}/log.sqlite`), undefined);
  const begin = Date.now() - count * 60_000;
  const names = ['Bob', '小明', 'Carla'];
  store.appendAll(
    Array.from({ length: count }, (_, index) => {
      const speaker = Math.floor(index / 2) % names.length;
      return {
        room,
        from: { id: `filler-${speaker}`, name: names[speaker] ?? '' },
        // In another room the same ids of the same people would be repeats.
        id: `${room}-${index + 1}`,
        mid: `${room}-${index + 1}`,
        body: bodyOf(index + 1),
        at: begin + index * 60_000,
      };
    }),
  );
  store.close();
  await server.start();
}
