/** What the load generator says, and the figures that follow from it. Pure. */
import * as v from 'valibot';

const times = v.nullable(
  v.object({ count: v.number(), p50: v.number(), p99: v.number(), max: v.number() }),
);

/** Messages on all lines together, counted only where the generator was told to, else 0. */
const harm = {
  lost: v.number(),
  doubled: v.number(),
  reordered: v.number(),
  /** How often the server asked for a message to be sent again later. */
  refused: v.number(),
};

/** The last line of the modes `window` and `rate`. Times are in ms. */
const loadResult = v.object({
  seconds: v.pipe(v.number(), v.gtValue(0)),
  published: v.number(),
  deliveries: v.number(),
  serverCpuS: v.number(),
  redisCpuS: v.number(),
  generatorCpuS: v.number(),
  ackMs: times,
  deliveryMs: times,
  ...harm,
});

/** The last line of the mode `resume`. `letInMs`: until all were let in; `backMs`: had all they missed. */
const resumeResult = v.object({ missed: v.number(), letInMs: v.number(), backMs: times });

/**
 * The last line of the mode `failover`. `affected`: lines of the server that was killed; `backMs`: from its
 * end until a line had something that was said after it, of those for which that came to be; `unrecovered`:
 * how often one came back as somebody new; `lostAgain`: how often a line to another server broke.
 */
const failoverResult = v.object({
  affected: v.number(),
  neverBack: v.number(),
  unrecovered: v.number(),
  lostAgain: v.number(),
  published: v.number(),
  backMs: times,
  ...harm,
});

export type LoadResult = v.InferOutput<typeof loadResult>;
export type ResumeResult = v.InferOutput<typeof resumeResult>;
export type FailoverResult = v.InferOutput<typeof failoverResult>;
export type Harm = Pick<LoadResult, keyof typeof harm>;

export interface LoadFigures extends Harm {
  deliveriesPerSecond: number;
  /** CPU of the whole server, in seconds per million deliveries; Infinity without deliveries. */
  cpuSPerMillion: number;
  /** The same of the Redis behind it, 0 where there is none. */
  redisCpuSPerMillion: number;
  /** Which share of a core the server, its Redis, and the generator, were busy. */
  serverUtil: number;
  redisUtil: number;
  generatorUtil: number;
  ackMs: LoadResult['ackMs'];
  deliveryMs: LoadResult['deliveryMs'];
}

/** Throws an Error that shows the line if it is something else. */
export function parseLoadResult(line: string): LoadResult {
  return parseLine(loadResult, line);
}

/** Throws an Error that shows the line if it is something else. */
export function parseResumeResult(line: string): ResumeResult {
  return parseLine(resumeResult, line);
}

/** Throws an Error that shows the line if it is something else. */
export function parseFailoverResult(line: string): FailoverResult {
  return parseLine(failoverResult, line);
}

/**
 * What must be 0 in a chat, in words, where it is not. Where a message had to be sent again later, those that
 * were on their way behind it came before it.
 */
export function harmOfLoad({ lost, doubled, reordered, refused }: Harm): string[] {
  return Object.entries({ lost, doubled, ...(refused === 0 && { reordered }) })
    .filter(([, count]) => count !== 0)
    .map(([what, count]) => `${count} ${what}`);
}

export function figuresOfLoad(result: LoadResult): LoadFigures {
  const { seconds, deliveries, serverCpuS, redisCpuS, generatorCpuS } = result;
  const { ackMs, deliveryMs, lost, doubled, reordered, refused } = result;
  const perMillion = (cpuS: number) =>
    deliveries > 0 ? (1e6 * cpuS) / deliveries : Number.POSITIVE_INFINITY;
  return {
    deliveriesPerSecond: deliveries / seconds,
    cpuSPerMillion: perMillion(serverCpuS),
    redisCpuSPerMillion: perMillion(redisCpuS),
    serverUtil: serverCpuS / seconds,
    redisUtil: redisCpuS / seconds,
    generatorUtil: generatorCpuS / seconds,
    ackMs,
    deliveryMs,
    lost,
    doubled,
    reordered,
    refused,
  };
}

/** Ours to theirs, run by run: a shared machine is slow for both in a slow run. */
export function ratios(ours: readonly number[], theirs: readonly number[]): number[] {
  if (ours.length !== theirs.length) throw new Error('each run has to have measured both');
  return ours.map((value, run) => value / (theirs[run] ?? Number.NaN));
}

function parseLine<Schema extends v.GenericSchema>(
  schema: Schema,
  line: string,
): v.InferOutput<Schema> {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    throw new Error(`the load generator said no JSON: ${line}`);
  }
  const parsed = v.safeParse(schema, json);
  if (parsed.success) return parsed.output;
  throw new Error(`the load generator said ${line}: ${v.flatten(parsed.issues).nested}`);
}
