/**
 * Counting that costs next to nothing while a chat runs at full speed: plain numbers, which become
 * metrics only when somebody asks. `prom-client` itself takes half a microsecond to count and more than one
 * to sort into a histogram, for each message.
 */
import { Counter, Histogram, type Registry } from 'prom-client';

export interface Tally {
  add(count: number): void;
}

/** A counter without labels. */
export function createTally(registry: Registry, name: string, help: string): Tally {
  let total = 0;
  new Counter({
    name,
    help,
    registers: [registry],
    collect() {
      this.reset();
      this.inc(total);
    },
  });
  return {
    add(count) {
      total += count;
    },
  };
}

export interface LabelledTally {
  /** Of values that are not known each new one costs a series: only from a fixed few. */
  add(value: string): void;
}

export interface LabelledTallyOptions {
  name: string;
  help: string;
  label: string;
  /** Values of the label that are there from the start, at 0, so that the first event is a change. */
  known: readonly string[];
}

/** A counter with one label. */
export function createLabelledTally(
  registry: Registry,
  { name, help, label, known }: LabelledTallyOptions,
): LabelledTally {
  const totals = new Map(known.map((value) => [value, 0]));
  new Counter({
    name,
    help,
    labelNames: [label],
    registers: [registry],
    collect() {
      this.reset();
      for (const [value, total] of totals) this.inc({ [label]: value }, total);
    },
  });
  return {
    add: (value) => void totals.set(value, (totals.get(value) ?? 0) + 1),
  };
}

/** A histogram that sorts by hand. `buckets` are upper bounds, ascending, the infinite one left out. */
export class TallyHistogram extends Histogram {
  readonly #name: string;
  readonly #help: string;
  readonly #bounds: readonly number[];
  /** How many lie in each bucket alone; the last one is the infinite. */
  readonly #counts: number[];
  #sum = 0;

  constructor(registry: Registry, name: string, help: string, buckets: readonly number[]) {
    super({ name, help, buckets: [...buckets], registers: [registry] });
    this.#name = name;
    this.#help = help;
    this.#bounds = buckets;
    this.#counts = Array.from({ length: buckets.length + 1 }, () => 0);
  }

  add(value: number): void {
    const bounds = this.#bounds;
    let bucket = 0;
    // Few steps, as most values are small.
    while (bucket < bounds.length && value > (bounds[bucket] ?? 0)) bucket += 1;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#sum += value;
  }

  /** What the registry asks for. Buckets hold what is at or below their bound, so they add up. */
  async getForPromString() {
    const name = this.#name;
    let count = 0;
    const buckets = this.#counts.map((own, index) => {
      count += own;
      const le = this.#bounds[index] ?? '+Inf';
      return { metricName: `${name}_bucket`, labels: { le }, value: count };
    });
    const values = [
      ...buckets,
      { metricName: `${name}_sum`, labels: {}, value: this.#sum },
      { metricName: `${name}_count`, labels: {}, value: count },
    ];
    return { name, help: this.#help, type: 'histogram', values, aggregator: 'sum' };
  }
}
