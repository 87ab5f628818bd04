/**
 * What of this gateway is to stand in Redis, and what of that may not stand there yet. However often and
 * fast it changes, only how it is now is written: so what waits for Redis is never more than what there is.
 */
export interface EntryChanges<Value> {
  /** To be written. */
  set: [id: string, value: Value][];
  /** To be taken away. */
  removed: string[];
}

export class WantedEntries<Value> {
  readonly #wanted = new Map<string, Value>();
  readonly #unwritten = new Set<string>();

  /** How many are to stand there. */
  get size(): number {
    return this.#wanted.size;
  }

  get hasChanges(): boolean {
    return this.#unwritten.size > 0;
  }

  set(id: string, value: Value): void {
    this.#wanted.set(id, value);
    this.#unwritten.add(id);
  }

  remove(id: string): void {
    if (this.#wanted.delete(id)) this.#unwritten.add(id);
  }

  removeAll(): void {
    for (const id of [...this.#wanted.keys()]) this.remove(id);
  }

  /** At most so many changes, which count as written from then on; undefined if there is none. */
  take(max: number): EntryChanges<Value> | undefined {
    if (this.#unwritten.size === 0) return undefined;
    const changes: EntryChanges<Value> = { set: [], removed: [] };
    let taken = 0;
    for (const id of this.#unwritten) {
      if (taken === max) break;
      taken += 1;
      this.#unwritten.delete(id);
      const value = this.#wanted.get(id);
      if (value === undefined) changes.removed.push(id);
      else changes.set.push([id, value]);
    }
    return changes;
  }

  /** The changes may not have been written. */
  putBack({ set, removed }: EntryChanges<Value>): void {
    for (const [id] of set) this.#unwritten.add(id);
    for (const id of removed) this.#unwritten.add(id);
  }

  /** Nothing of it stands anywhere: all is to be written. */
  writeAnew(): void {
    this.#unwritten.clear();
    for (const id of this.#wanted.keys()) this.#unwritten.add(id);
  }
}
