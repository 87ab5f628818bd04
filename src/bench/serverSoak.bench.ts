/**
 * Benchmark `serverSoak`: whether a server's memory stays as it is while people talk, leave and come back,
 * for half an hour.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { it } from 'vitest';
import { startServer } from '../e2e/support/serverProcess';
import { alone } from './support/comparisons';
import { residentKib } from './support/measuredServers';
import { progress, publish } from './support/report';
import { slopePerHour } from './support/slope';
import { createSoakReader, type SoakReader } from './support/soakReader';
import { figureNames, soakConnections } from './targets';

const seconds = Number(process.env.BENCH_SECONDS ?? 1_800);
const peoplePerRoom = 100;
const cutsPerSecond = 10;
/** A user is taken to be there for 10 s: half of those who are cut off are missed, and half are not. */
const longestAwayMs = 20_000;
const sampleEveryMs = 10_000;
/** What is remembered of everybody, and compiled, is so by then. */
const warmUpShare = 0.25;

interface Sample {
  atMs: number;
  /** What the process holds once everything is collected that can be. */
  heldKib: number;
  residentKib: number;
}

it('soaks a server', { timeout: (seconds + 600) * 1_000 }, async () => {
  const server = await startServer([], '127.0.0.1');
  const rooms = Array.from({ length: soakConnections / peoplePerRoom }, (_, room) =>
    Array.from({ length: peoplePerRoom }, (__, person) =>
      createSoakReader(
        server.webSocketUrl,
        `soak-${room}`,
        `Person ${room}-${person}`,
        `127.0.1.${room + 1}`,
      ),
    ),
  );
  for (const room of rooms) await Promise.all(room.map((reader) => reader.open()));
  progress(`soak: ${rooms.flat().length} are there`);

  const startedAt = performance.now();
  const isOver = () => performance.now() - startedAt >= seconds * 1_000;
  const samples: Sample[] = [];
  async function sample() {
    while (!isOver()) {
      await delay(sampleEveryMs);
      const atMs = performance.now() - startedAt;
      const heldKib = (await server.memoryBytes()) / 1_024;
      samples.push({ atMs, heldKib, residentKib: await residentKib(server.pid) });
      progress(`soak: ${(atMs / 1_000).toFixed()} of ${seconds} s, ${heldKib.toFixed()} KiB held`);
    }
  }
  const [said, cuts] = await Promise.all([
    Promise.all(rooms.map((room) => talk(room[0], isOver))),
    cutAndReturn(
      rooms.flatMap((room) => room.slice(1)),
      isOver,
    ),
    sample(),
  ]);
  const messages = said.reduce((total, count) => total + count, 0);
  await untilAllHave(rooms, said);
  const harm = rooms.flat().reduce((total, reader) => total + reader.harm, 0);

  const settled = samples.filter(({ atMs }) => atMs >= seconds * 1_000 * warmUpShare);
  const slopeOf = (figure: (of: Sample) => number) =>
    slopePerHour(settled.map((each) => ({ atMs: each.atMs, value: figure(each) })));
  const held = slopeOf(({ heldKib }) => heldKib);
  const resident = slopeOf((each) => each.residentKib);
  await publish({
    name: 'serverSoak',
    title: 'A server soaked',
    method:
      `${soakConnections} people in rooms of ${peoplePerRoom}, for ${seconds} s: one in each says something about ` +
      `once a second, ${cutsPerSecond} lines a second break, and come back up to ${longestAwayMs / 1_000} s later ` +
      `where they were. Limits, search and log as usual. Held: the heap and what is outside of it, every ` +
      `${sampleEveryMs / 1_000} s, after a forced collection; resident: VmRSS. Slopes by least squares, the first ` +
      'quarter left out. In the end everybody has every message. Harm: holes that were not filled, refusals, lines that the server left.',
    runs: 1,
    compared: [],
    columns: ['messages', 'lines cut', 'harm', 'held KiB', 'KiB an hour', 'resident, KiB an hour'],
    rows: [
      [
        String(messages),
        String(cuts),
        String(harm),
        `${settled.at(0)?.heldKib.toFixed()} to ${settled.at(-1)?.heldKib.toFixed()}`,
        held.toFixed(),
        resident.toFixed(),
      ],
    ],
    comparisons: [
      ...alone(
        { what: figureNames.heldSlope(soakConnections), unit: 'KiB an hour', better: 'less' },
        [held],
      ),
      ...alone(
        { what: figureNames.residentSlope(soakConnections), unit: 'KiB an hour', better: 'less' },
        [resident],
      ),
      ...alone({ what: figureNames.soakHarm(soakConnections), unit: '', better: 'less' }, [harm]),
    ],
    figures: { messages, cuts, samples },
  });
});

/** Says something about once a second, each message once the one before is acked; how many in the end. */
async function talk(speaker: SoakReader | undefined, isOver: () => boolean): Promise<number> {
  let said = 0;
  while (speaker && !isOver()) {
    await delay(500 + Math.random() * 1_000);
    said += 1;
    await speaker.say(`message ${said}: ${'the weather is as it was '.repeat(4)}`);
  }
  return said;
}

/** Cuts some off, who come back a little later; how many in the end. */
async function cutAndReturn(readers: SoakReader[], isOver: () => boolean): Promise<number> {
  const there = [...readers];
  const returns = new Set<Promise<void>>();
  let cuts = 0;
  while (!isOver()) {
    await delay(1_000 / cutsPerSecond);
    const [reader] = there.splice(Math.floor(Math.random() * there.length), 1);
    if (!reader) continue;
    cuts += 1;
    reader.cut();
    const back = delay(Math.random() * longestAwayMs)
      .then(() => reader.open())
      .then(() => {
        there.push(reader);
        returns.delete(back);
      });
    returns.add(back);
  }
  await Promise.all(returns);
  return cuts;
}

/** Waits until every reader of a room has as many messages as were said there. */
async function untilAllHave(rooms: SoakReader[][], said: number[]): Promise<void> {
  const isBehind = () => rooms.some((room, index) => room.some(({ seq }) => seq !== said[index]));
  const until = performance.now() + 30_000;
  while (isBehind()) {
    if (performance.now() > until) throw new Error('somebody lacks what was said');
    await delay(100);
  }
}
