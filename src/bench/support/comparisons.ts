/** Makes of what a benchmark measured what stands in the one table of all benchmarks. Pure. */
import type { Comparison } from './results';

export type Figure = Pick<Comparison, 'what' | 'unit' | 'better'>;

/** Ours beside each of the others, by name; what nobody measured is left out. */
export function beside(
  figure: Figure,
  ours: readonly number[],
  others: Readonly<Record<string, readonly number[]>>,
): Comparison[] {
  if (ours.length === 0) return [];
  return Object.entries(others)
    .filter(([, figures]) => figures.length > 0)
    .map(([name, figures]) => ({
      ...figure,
      ours: [...ours],
      peer: { name, figures: [...figures] },
    }));
}

/** Ours by itself; nothing where nothing was measured. */
export function alone(figure: Figure, ours: readonly number[]): Comparison[] {
  return ours.length === 0 ? [] : [{ ...figure, ours: [...ours] }];
}
