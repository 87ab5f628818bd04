/** What the load generator says, and the figures that follow from it. Pure. */
import * as v from 'valibot';

const times = v.nullable(
  v.object({ count: v.number(), p50: v.number(), p99: v.number(), max: v.number() }),
);

/** The last line of the modes `window` and `rate`. Times are in ms. */
const loadResult = v.object({
  seconds: v.pipe(v.number(), v.gtValue(0)),
  published: v.number(),
  deliveries: v.number(),
  serverCpuS: v.number(),
  generatorCpuS: v.number(),
  ackMs: times,
  deliveryMs: times,
});

/** The last line of the mode `resume`. `letInMs`: until all were let in; `backMs`: had all they missed. */
const resumeResult = v.object({ missed: v.number(), letInMs: v.number(), backMs: times });

export type LoadResult = v.InferOutput<typeof loadResult>;
export type ResumeResult = v.InferOutput<typeof resumeResult>;

export interface LoadFigures {
  deliveriesPerSecond: number;
  /** CPU of the whole server, in seconds per million deliveries; Infinity without deliveries. */
  cpuSPerMillion: number;
  /** Which share of a core the server, and the generator, were busy. */
  serverUtil: number;
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

export function figuresOfLoad(result: LoadResult): LoadFigures {
  const { seconds, deliveries, serverCpuS, generatorCpuS, ackMs, deliveryMs } = result;
  return {
    deliveriesPerSecond: deliveries / seconds,
    cpuSPerMillion: deliveries > 0 ? (1e6 * serverCpuS) / deliveries : Number.POSITIVE_INFINITY,
    serverUtil: serverCpuS / seconds,
    generatorUtil: generatorCpuS / seconds,
    ackMs,
    deliveryMs,
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
