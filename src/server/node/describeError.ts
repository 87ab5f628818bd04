/**
 * An error as the log may have it: what kind it is and where it happened. The messages of errors about
 * data quote that data, which may be what somebody wrote; of those only the kind and the place are told.
 */

export interface DescribedError {
  type: string;
  message?: string;
  /** The system's code, such as `ENOSPC`. */
  code?: string;
  /** The places alone, without the message that errors repeat there. */
  stack?: string;
  cause?: DescribedError;
}

/** JSON.parse quotes the text, a schema the value that does not fit. */
const quotingTypes: ReadonlySet<string> = new Set(['SyntaxError', 'ValiError']);

/** Causes of causes are told so deep: a chain may be a ring. */
const mostCauses = 5;

export function describeError(error: unknown, causes = mostCauses): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name: type, message, stack, cause } = error;
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  const places = stack?.split('\n').filter((line) => /^\s+at /.test(line));
  return {
    type,
    ...(!quotingTypes.has(type) && { message }),
    ...code,
    ...(places && places.length > 0 && { stack: places.map((line) => line.trim()).join('\n') }),
    ...(cause !== undefined && causes > 0 && { cause: describeError(cause, causes - 1) }),
  };
}
