/** Benchmark `serverReturn`: how long it takes until everybody is back and has what was missed. */
import { setTimeout as delay } from 'node:timers/promises';
import { it } from 'vitest';
import { buildLoadGenerator } from './support/cCompiler';
import { beside } from './support/comparisons';
import { loadRuns, subscribersOr } from './support/loadCells';
import { parseResumeResult, type ResumeResult, ratios } from './support/loadFigures';
import { startLoad } from './support/loadGenerator';
import { type MeasuredServers, prepareServers, type ServerName } from './support/measuredServers';
import { progress, publish } from './support/report';
import { spread } from './support/tables';
import { figureNames } from './targets';

/** Said while everybody is away. */
const missed = 50;

/** How long the lines stay cut: a server learns of most ends only when it looks at the line. */
const outageMs = 2_000;

const scenarios = {
  'socket.io, lines cut': { server: 'socket.io', flags: ['recovery'], isKilled: false },
  'heartline, lines cut': { server: 'heartline', flags: [], isKilled: false },
  'heartline, server killed': { server: 'heartline', flags: [], isKilled: true },
} as const satisfies Record<string, Scenario>;

interface Scenario {
  server: ServerName;
  flags: readonly string[];
  isKilled: boolean;
}

interface Return extends ResumeResult {
  /** From the start of the new process until it listens; undefined where the old one lives on. */
  restartMs: number | undefined;
}

interface Cell {
  clients: number;
  scenario: keyof typeof scenarios;
  returns: Return[];
}

it('measures the return of everybody', async () => {
  const servers = await prepareServers();
  const binary = await buildLoadGenerator();
  const names = (Object.keys(scenarios) as (keyof typeof scenarios)[]).filter((name) =>
    servers.names.includes(scenarios[name].server),
  );
  const cells: Cell[] = [];
  for (const clients of subscribersOr([5_000])) {
    const row = names.map((scenario): Cell => ({ clients, scenario, returns: [] }));
    for (let run = 1; run <= loadRuns; run += 1) {
      for (const { scenario, returns } of row) {
        const measured = await measure(binary, servers, scenarios[scenario], clients);
        returns.push(measured);
        progress(
          `return, run ${run} of ${loadRuns}: ${scenario} ${measured.backMs?.max.toFixed(0)} ms`,
        );
      }
    }
    cells.push(...row);
  }
  await publish({
    name: 'serverReturn',
    title: 'Everybody back after a failure',
    method:
      'Server on core 0, clients on core 1. All are in one room and have read 10 messages; every line is ' +
      `reset at once; ${missed} messages are said and acked; where the server is killed it is killed then ` +
      `(SIGKILL) and started again with its data. After ${outageMs / 1_000} s, or once it listens, all come ` +
      'back, 128 handshakes at a time, each with its token and its position. back: from the first try until ' +
      'a client has everything it missed. Each got every message once and in order, or the run fails. ' +
      'socket.io has connection state recovery, which lives in the memory of the process: with it the ' +
      'process cannot be killed, only the lines cut. restart: from the start of the new process until it ' +
      'listens. "ours to it": the longest, in the same run.',
    runs: loadRuns,
    compared: servers.versions,
    columns: ['clients', 'scenario', 'half back s', 'all back s', 'ours to it', 'restart s'],
    rows: cells.map(({ clients, scenario, returns }) => {
      const longest = (of: readonly Return[]) => of.map(({ backMs }) => backMs?.max ?? Number.NaN);
      const ours = cells.find(
        (cell) => cell.scenario === 'heartline, lines cut' && cell.clients === clients,
      );
      const seconds = (values: readonly number[]) =>
        spread(
          values.map((ms) => ms / 1_000),
          2,
        );
      return [
        String(clients),
        scenario,
        seconds(returns.map(({ backMs }) => backMs?.p50 ?? Number.NaN)),
        seconds(longest(returns)),
        ours && scenario === 'socket.io, lines cut'
          ? spread(ratios(longest(ours.returns), longest(returns)), 2)
          : '',
        seconds(returns.map(({ restartMs }) => restartMs).filter((ms) => ms !== undefined)),
      ];
    }),
    comparisons: cells
      .filter(({ scenario }) => scenarios[scenario].server === 'heartline')
      .flatMap(({ clients, scenario, returns }) => {
        const peers = cells.filter(
          (cell) => cell.clients === clients && scenarios[cell.scenario].server === 'socket.io',
        );
        const failure = scenarios[scenario].isKilled ? 'server killed' : 'lines cut';
        const lastMs = (of: readonly Return[]) =>
          of.map(({ backMs }) => backMs?.max ?? Number.POSITIVE_INFINITY);
        return beside(
          { what: figureNames.allBack(clients, failure), unit: 'ms', better: 'less' },
          lastMs(returns),
          Object.fromEntries(peers.map((cell) => [cell.scenario, lastMs(cell.returns)])),
        );
      }),
    figures: { missed, outageMs, cells },
  });
});

async function measure(
  binary: string,
  servers: MeasuredServers,
  { server: name, flags, isKilled }: Scenario,
  subscribers: number,
): Promise<Return> {
  const server = await servers.start(name, flags);
  const load = startLoad(binary, [server], 'resume', { subscribers, missed });
  await load.nextLine();
  let restartMs: number | undefined;
  if (isKilled) restartMs = await server.restart();
  else await delay(outageMs);
  load.goOn();
  const result = parseResumeResult(await load.nextLine());
  await load.ended();
  await server.close();
  return { ...result, restartMs };
}
