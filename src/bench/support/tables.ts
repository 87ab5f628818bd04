/** Figures in words, and rows of them as a table in Markdown. Pure. */

/** `5`, `5 [4–6]`, `never` or what is given for Infinity, `-` for nothing; with as many digits as asked for. */
export function spread(values: readonly number[], digits = 0, endless = 'never'): string {
  const show = (value: number | undefined) =>
    value === undefined || value === Number.POSITIVE_INFINITY ? endless : value.toFixed(digits);
  if (values.length === 0) return '-';
  const sorted = [...values].sort((one, other) => one - other);
  const [lowest, highest] = [show(sorted[0]), show(sorted.at(-1))];
  const middle = show(median(values));
  return lowest === highest ? middle : `${middle} [${lowest}–${highest}]`;
}

/** The upper one of the two in the middle where the count is even. */
export function median(values: readonly number[]): number | undefined {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)];
}

/** As wide as its widest cells, so that it is read in a terminal, too. */
export function tableLines(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): string[] {
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, index) => (cells[index] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(columns), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}
