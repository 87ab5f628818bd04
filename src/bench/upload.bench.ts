/** Benchmark `upload`: how long a text takes to its ack while a large file is on its way on the same line. */
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { systemTime, type Time } from '../connection/ports';
import { startFaultProxy } from '../e2e/support/faultProxy';
import { startServer } from '../e2e/support/serverProcess';
import { openSession } from '../e2e/support/sessionClient';
import { prepareApart } from '../e2e/support/sessionUploads';
import { beside } from './support/comparisons';
import { progress, publish } from './support/report';
import { spread } from './support/tables';
import { figureNames, references, uploadLines } from './targets';

const runs = Number(process.env.BENCH_RUNS ?? 3);
const fileBytes = Number(process.env.BENCH_BYTES ?? 25_000_000);

/** A text so often, in ms, and so many of them without a file. */
const textEveryMs = 40;
const textsWithout = Number(process.env.BENCH_TEXTS ?? 150);

/**
 * One after another: of the few texts beside one that is quickly there, p95 would be nearly the slowest. More than
 * these in a few seconds the server would hold back.
 */
const filesOn = { loopback: 3, '10 Mbit/s, 40 ms': 1 };

/** What the ratio is to be at most. */
const mostRatio = 2;

type Line = (typeof uploadLines)[number];

interface Figures {
  line: Line;
  run: number;
  /** Of texts without a file, and of those while one was on its way, in ms. */
  without: Delays;
  during: Delays;
  /** The files, each from the moment it was attached until its message was acked. */
  megabytesPerSecond: number;
}

interface Delays {
  texts: number;
  medianMs: number;
  p95Ms: number;
}

/** Parts of a ms count here. */
const preciseTime: Time = {
  now: () => performance.timeOrigin + performance.now(),
  after: systemTime.after,
};

const results: Figures[] = [];
const cells = uploadLines.flatMap((line) =>
  Array.from({ length: runs }, (_, index) => ({ line, run: index + 1 })),
);

it.each(cells)('a text beside a file: $line, run $run', async ({ line, run }) => {
  const server = await startServer();
  const session = openSession(await addressOf(line, server.port), 'Ann', {
    time: preciseTime,
    prepare: prepareApart,
  });
  await expect.poll(() => session.shown.largestFileBytes).toBeGreaterThanOrEqual(fileBytes);
  await expect.poll(() => session.shown.isLoaded).toBe(true);

  const without = await delaysWhile(session, (texts) => texts < textsWithout);

  const during: number[] = [];
  let seconds = 0;
  for (let sent = 1; sent <= filesOn[line]; sent += 1) {
    const file = new File([new Uint8Array(randomBytes(fileBytes))], 'large.bin');
    const body = `file ${sent}`;
    const begunAt = performance.now();
    expect(await session.actions.attach([file], body)).toEqual([]);
    let arrivedAt: number | undefined;
    const isOnItsWay = () => {
      const row = session.shown.messages.find((each) => each.body === body);
      if (row?.state === 'sent') arrivedAt ??= performance.now();
      return row?.state !== 'sent';
    };
    during.push(...(await delaysWhile(session, isOnItsWay)));
    seconds += ((arrivedAt ?? performance.now()) - begunAt) / 1_000;
  }

  const figures = {
    ...{ line, run, without: delaysOf(without), during: delaysOf(during) },
    megabytesPerSecond: (filesOn[line] * fileBytes) / 1e6 / seconds,
  };
  results.push(figures);
  progress(
    `upload over ${line}, run ${run} of ${runs}: p95 ${figures.during.p95Ms.toFixed(1)} ms beside a file, ` +
      `${figures.without.p95Ms.toFixed(1)} ms without`,
  );
});

it('makes no text wait much longer', async () => {
  const ratioOf = ({ during, without }: Figures) => during.p95Ms / without.p95Ms;
  await publish({
    name: 'upload',
    title: 'Texts beside a file on its way',
    method:
      `A session in Node writes a text every ${textEveryMs} ms: ${textsWithout} of them, then as many as it takes to ` +
      `send files of ${fileBytes / 1e6} MB on the same line, one after another: ${filesOn.loopback} over loopback, ` +
      'one over the other. From the writing of a text to its ack, in ms; MB/s with the hashing before, which is done ' +
      'in another thread, as in a page. ' +
      'The line is the machine itself, or goes through a proxy that lets 10 Mbit/s through each way, 20 ms ' +
      'late each. The server has its usual limits, which hold back who sends faster.',
    runs,
    compared: [],
    columns: ['line', 'p50 without', 'p50 beside', 'p95 without', 'p95 beside', 'ratio', 'MB/s'],
    rows: uploadLines.map((line) => {
      const of = results.filter((each) => each.line === line);
      const column = (value: (figures: Figures) => number, digits = 1) =>
        spread(of.map(value), digits);
      return [
        line,
        column(({ without }) => without.medianMs),
        column(({ during }) => during.medianMs),
        column(({ without }) => without.p95Ms),
        column(({ during }) => during.p95Ms),
        column(ratioOf, 2),
        column(({ megabytesPerSecond }) => megabytesPerSecond, 2),
      ];
    }),
    comparisons: uploadLines.flatMap((line) => {
      const of = results.filter((each) => each.line === line);
      return beside(
        { what: figureNames.textBeside(line), unit: 'ms', better: 'less' },
        of.map(({ during }) => during.p95Ms),
        { [references.noFile]: of.map(({ without }) => without.p95Ms) },
      );
    }),
    figures: results,
  });
  const slow = results.filter((each) => ratioOf(each) > mostRatio);
  if (slow.length > 0)
    progress(`the ratio was above ${mostRatio} in ${slow.length} of ${results.length}`);
});

async function addressOf(line: Line, port: number): Promise<string> {
  if (line === 'loopback') return `ws://localhost:${port}/ws`;
  const narrow = await startFaultProxy(port);
  narrow.fail({ kind: 'slow drip', bytesPerSecond: 1_250_000 });
  const long = await startFaultProxy(narrow.port);
  long.fail({ kind: 'delay', delayMs: 20 });
  return `ws://localhost:${long.port}/ws`;
}

/** Writes a text every so often while it is wanted, and waits for all of their acks: what each took, in ms. */
async function delaysWhile(
  { actions, rttsMs, shown }: ReturnType<typeof openSession>,
  isWanted: (texts: number) => boolean,
): Promise<number[]> {
  const before = rttsMs.length;
  for (let texts = 0; isWanted(texts); texts += 1) {
    actions.send(`text ${texts}`);
    await delay(textEveryMs);
  }
  await expect.poll(() => shown.outbox.waiting, { timeout: 60_000 }).toBe(0);
  return rttsMs.slice(before);
}

function delaysOf(rttsMs: readonly number[]): Delays {
  const sorted = [...rttsMs].sort((one, other) => one - other);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
  return { texts: sorted.length, medianMs: at(0.5), p95Ms: at(0.95) };
}
