/** Benchmark `serverIdle`: the memory that a server keeps for each line on which nothing happens. */
import { it } from 'vitest';
import { buildLoadGenerator } from './support/cCompiler';
import { beside } from './support/comparisons';
import { loadRuns, subscribersOr } from './support/loadCells';
import { ratios } from './support/loadFigures';
import { startLoad } from './support/loadGenerator';
import {
  type MeasuredServers,
  prepareServers,
  residentKib,
  type ServerName,
} from './support/measuredServers';
import { progress, publish } from './support/report';
import { spread } from './support/tables';
import { figureNames } from './targets';

/** Of ours, people in a room: everybody in one is told of everybody else. */
const peoplePerRoom = 100;

/** Resident memory, in KiB. */
interface Footprint {
  emptyKib: number;
  fullKib: number;
}

interface Cell {
  connections: number;
  server: ServerName;
  footprints: Footprint[];
}

it('measures the memory of idle connections', async () => {
  const servers = await prepareServers();
  const binary = await buildLoadGenerator();
  const cells: Cell[] = [];
  for (const connections of subscribersOr([10_000])) {
    const row = servers.names.map((server): Cell => ({ connections, server, footprints: [] }));
    for (let run = 1; run <= loadRuns; run += 1) {
      for (const { server, footprints } of row) {
        const footprint = await measure(binary, servers, server, connections);
        footprints.push(footprint);
        progress(
          `idle, run ${run} of ${loadRuns}: ${server} ${kibOf(footprint, connections).toFixed(1)} KiB`,
        );
      }
    }
    cells.push(...row);
  }
  await publish({
    name: 'serverIdle',
    title: 'Server with idle connections',
    method:
      'Resident memory (VmRSS) of the server process before the first connection and with all of them ' +
      `open and silent; the difference by their number, in KiB. With us each is an authenticated guest in a ` +
      `room of ${peoplePerRoom} and heartbeats run; with socket.io each is connected and in one room; ws and ` +
      'Bun know nothing of a user. Nobody asks for garbage to be collected. "ours to it" is of one run.',
    runs: loadRuns,
    compared: servers.versions,
    columns: ['connections', 'server', 'KiB each', 'ours to it', 'empty MiB', 'full MiB'],
    rows: cells.map(({ connections, server, footprints }) => {
      const each = footprints.map((footprint) => kibOf(footprint, connections));
      const ours = cells
        .find((cell) => cell.server === 'heartline' && cell.connections === connections)
        ?.footprints.map((footprint) => kibOf(footprint, connections));
      return [
        String(connections),
        server,
        spread(each, 1),
        ours && server !== 'heartline' ? spread(ratios(ours, each), 2) : '',
        spread(footprints.map(({ emptyKib }) => emptyKib / 1_024)),
        spread(footprints.map(({ fullKib }) => fullKib / 1_024)),
      ];
    }),
    comparisons: cells
      .filter(({ server }) => server === 'heartline')
      .flatMap((ours) => {
        const { connections } = ours;
        const kib = (of: Cell) => of.footprints.map((each) => kibOf(each, connections));
        const others = cells.filter((cell) => cell.connections === connections && cell !== ours);
        return beside(
          { what: figureNames.idleMemory(connections), unit: 'KiB', better: 'less' },
          kib(ours),
          Object.fromEntries(others.map((cell) => [cell.server, kib(cell)])),
        );
      }),
    figures: { peoplePerRoom, cells },
  });
});

async function measure(
  binary: string,
  servers: MeasuredServers,
  name: ServerName,
  connections: number,
): Promise<Footprint> {
  const server = await servers.start(name);
  const emptyKib = await residentKib(server.pid);
  const load = startLoad(binary, [server], 'idle', {
    subscribers: connections,
    rooms: Math.ceil(connections / peoplePerRoom),
  });
  await load.nextLine();
  const fullKib = await residentKib(server.pid);
  load.goOn();
  await load.ended();
  await server.close();
  return { emptyKib, fullKib };
}

function kibOf({ emptyKib, fullKib }: Footprint, connections: number): number {
  return (fullKib - emptyKib) / connections;
}
