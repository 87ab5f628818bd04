/** Ids that cost next to nothing: a name that nobody else has, and a count. */

/** `prefix` must be unlike any other's, here, elsewhere and after a restart: random, 72 bits at least. */
export function createIdSeries(prefix: string): () => string {
  let count = 0;
  return () => {
    count += 1;
    return `${prefix}-${count.toString(36)}`;
  };
}
