/** Measures several servers under the same loads, one after another in each run, and tabulates them. */
import { beside, type Figure } from './comparisons';
import { figuresOfLoad, type LoadFigures, parseLoadResult, ratios } from './loadFigures';
import { runLoad } from './loadGenerator';
import type { MeasuredServers, ServerName } from './measuredServers';
import { progress } from './report';
import type { Comparison } from './results';
import { spread } from './tables';

export interface LoadCell {
  subscribers: number;
  server: ServerName;
  /** A set of figures for each run. */
  figures: LoadFigures[];
}

export interface LoadPlan {
  binary: string;
  servers: MeasuredServers;
  mode: 'window' | 'rate';
  /** Of the mode: see `load.c`. */
  settings: Readonly<Record<string, number>>;
  subscribers: readonly number[];
  runs: number;
  /** Measures beside each run what its figures are to be read by. */
  beforeRun?(): Promise<void>;
}

/** Settings that all loads have: a second to warm up, and the seconds that count. */
export const measuredMs = 1_000 * Number(process.env.BENCH_SECONDS ?? 4);

/** From `BENCH_RUNS`. */
export const loadRuns = Number(process.env.BENCH_RUNS ?? 3);

/** From `BENCH_SUBSCRIBERS`, else those given. */
export function subscribersOr(usual: readonly number[]): readonly number[] {
  return process.env.BENCH_SUBSCRIBERS?.split(',').map(Number) ?? usual;
}

/** Every run is with a fresh server. A message that is lost rejects. */
export async function measureLoads(plan: LoadPlan): Promise<LoadCell[]> {
  const { binary, servers, mode, settings, runs } = plan;
  const cells: LoadCell[] = [];
  for (const subscribers of plan.subscribers) {
    const row = servers.names.map((server): LoadCell => ({ subscribers, server, figures: [] }));
    for (let run = 1; run <= runs; run += 1) {
      await plan.beforeRun?.();
      for (const { server: name, figures } of row) {
        const server = await servers.start(name);
        const line = await runLoad(binary, [server], mode, {
          subscribers,
          'measured-ms': measuredMs,
          ...settings,
        });
        await server.close();
        const measured = figuresOfLoad(parseLoadResult(line));
        figures.push(measured);
        const rate = Math.round(measured.deliveriesPerSecond).toLocaleString('en');
        progress(`${mode}, ${subscribers} subscribers, run ${run} of ${runs}: ${name} ${rate}/s`);
      }
    }
    cells.push(...row);
  }
  return cells;
}

export const loadColumns = [
  'subscribers',
  'server',
  '1,000 deliveries/s',
  'ours to it',
  'CPU-s per 1M',
  'ours to it',
  'ack p50 ms',
  'ack p99 ms',
  'delivery p50 ms',
  'delivery p99 ms',
  'server util',
  'load util',
];

/** A row of `loadColumns` for each cell. */
export function loadRows(cells: readonly LoadCell[]): string[][] {
  return cells.map(({ subscribers, server, figures }) => {
    const ours = cells.find((c) => c.server === 'heartline' && c.subscribers === subscribers);
    const valuesOf = (of: readonly LoadFigures[], pick: (figures: LoadFigures) => number) =>
      of.map(pick);
    const toOurs = (pick: (figures: LoadFigures) => number) =>
      ours && server !== 'heartline'
        ? spread(ratios(valuesOf(ours.figures, pick), valuesOf(figures, pick)), 2)
        : '';
    const show = (pick: (figures: LoadFigures) => number, digits: number) =>
      spread(valuesOf(figures, pick), digits);
    // Without an answer in all the time it is not known how long one takes.
    const msOf = (pick: (figures: LoadFigures) => number | undefined) =>
      spread(
        figures.map(pick).filter((ms) => ms !== undefined),
        2,
      );
    return [
      String(subscribers),
      server,
      show((each) => each.deliveriesPerSecond / 1_000, 1),
      toOurs((each) => each.deliveriesPerSecond),
      show((each) => each.cpuSPerMillion, 2),
      toOurs((each) => each.cpuSPerMillion),
      msOf(({ ackMs }) => ackMs?.p50),
      msOf(({ ackMs }) => ackMs?.p99),
      msOf(({ deliveryMs }) => deliveryMs?.p50),
      msOf(({ deliveryMs }) => deliveryMs?.p99),
      show((each) => each.serverUtil, 2),
      show((each) => each.generatorUtil, 2),
    ];
  });
}

/** What one figure of ours is beside those of the others, for each number of subscribers. */
export function loadComparisons(
  cells: readonly LoadCell[],
  figure: (subscribers: number) => Figure,
  pick: (figures: LoadFigures) => number | undefined,
): Comparison[] {
  // What did not come in all the time that was measured took at least as long.
  const each = (of: LoadCell) => of.figures.map((run) => pick(run) ?? Number.POSITIVE_INFINITY);
  return cells
    .filter(({ server }) => server === 'heartline')
    .flatMap((ours) => {
      const { subscribers } = ours;
      const others = cells.filter((cell) => cell.subscribers === subscribers && cell !== ours);
      const byServer = Object.fromEntries(others.map((cell) => [cell.server, each(cell)]));
      return beside(figure(subscribers), each(ours), byServer);
    });
}

/** How all loads are measured, for their reports. */
export const loadMethod =
  'Server on core 0, load generator (C, one epoll, src/bench/load) on core 1. A message is 150 bytes of ' +
  'JSON; each server gives it a number and a time, sends it to all subscribers and acks it to its ' +
  `publisher, who subscribes only with us. 1 s to warm up, ${measuredMs / 1_000} s measured, then ` +
  'drained: every message came on every line, in order on 16 of them, or the run fails. Times from ' +
  'publishing, on those 16 lines, the warm-up left out. CPU: user and system of the whole server process. ' +
  'ws, socket.io and Bun keep no log; ours writes its SQLite log to disk before it acks. "ours to it" is of ' +
  'one run.';
