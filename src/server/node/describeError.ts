/**
 * An error as the log may have it: what kind it is and where it happened. The messages of errors about
 * data quote that data, which may be what somebody wrote; of those only the kind and the place are told.
 */
import * as v from 'valibot';

export interface DescribedError {
  type: string;
  message?: string;
  /** The system's code, such as `ENOSPC`. */
  code?: string;
  /** The places alone, without the message that errors repeat there. */
  stack?: string;
  cause?: DescribedError;
}

/** Causes of causes are told so deep: a chain may be a ring. */
const mostCauses = 5;

export function describeError(error: unknown, causes = mostCauses): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name: type, stack, cause } = error;
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  const places = stack?.split('\n').filter((line) => /^\s+at /.test(line));
  return {
    type,
    message: plainMessage(error),
    ...code,
    ...(places && places.length > 0 && { stack: places.map((line) => line.trim()).join('\n') }),
    ...(cause !== undefined && causes > 0 && { cause: describeError(cause, causes - 1) }),
  };
}

/** The message, without the value that a schema refused or the text that is no JSON. */
function plainMessage(error: Error): string {
  if (error instanceof SyntaxError) return 'a text is not written as it has to be';
  if (!(error instanceof v.ValiError)) return error.message;
  const issues: readonly v.BaseIssue<unknown>[] = error.issues;
  const places = issues.map((issue) => v.getDotPath(issue) ?? 'the value itself');
  return `a value is not as it has to be, at: ${places.join(', ')}`;
}
