/** Lets go of several things one after another, of each whatever becomes of those before it. */

/** Throws at the end what could not be closed. */
export async function closeAll(closes: readonly (() => Promise<void> | void)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const close of closes) {
    try {
      await close();
    } catch (error) {
      errors.push(error);
    }
  }
  const [first] = errors;
  if (errors.length === 1) throw first;
  if (errors.length === 0) return;
  // The log tells of causes alone.
  throw new AggregateError(errors, `${errors.length} things could not be closed`, { cause: first });
}
