/** What an error of the system is called, such as `ENOENT`; undefined for what has no code. */
export function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
