/** How fast something grows. Pure. */

/** The slope of the line that fits best by least squares, in what `value` is in, an hour. NaN of fewer than two moments. */
export function slopePerHour(samples: readonly { atMs: number; value: number }[]): number {
  const mean = (values: number[]) =>
    values.reduce((total, value) => total + value, 0) / values.length;
  const meanAt = mean(samples.map(({ atMs }) => atMs));
  const meanValue = mean(samples.map(({ value }) => value));
  let together = 0;
  let spread = 0;
  for (const { atMs, value } of samples) {
    together += (atMs - meanAt) * (value - meanValue);
    spread += (atMs - meanAt) ** 2;
  }
  return (together / spread) * 3_600_000;
}
