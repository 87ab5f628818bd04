/**
 * How long a test goes on that tries what nobody thought of: as many runs as are given or, for
 * `FUZZ_SECONDS=600 npm run fuzz`, as long as that, with whatever seed.
 */
import type { Parameters } from 'fast-check';

const seconds = Number(process.env.FUZZ_SECONDS ?? 0);

/** For `fc.assert`. Where it is to go on for long, the test's own time is to be long enough too. */
export function fuzzing(numRuns = 100): Parameters<unknown> {
  if (!(seconds > 0)) return { numRuns };
  return {
    numRuns: Number.MAX_SAFE_INTEGER,
    interruptAfterTimeLimit: seconds * 1_000,
    markInterruptAsFailure: false,
  };
}
