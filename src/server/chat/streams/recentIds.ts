/** Remembers for a while that something has ended: the latest of it, and no timer. */
export class RecentIds {
  /** By when each may be forgotten, in ms; the oldest first. */
  readonly #until = new Map<string, number>();

  constructor(
    readonly keepMs: number,
    readonly most: number,
  ) {}

  add(id: string, nowMs: number): void {
    this.#until.delete(id);
    this.#until.set(id, nowMs + this.keepMs);
    for (const [oldest, until] of this.#until) {
      if (this.#until.size <= this.most && until > nowMs) break;
      this.#until.delete(oldest);
    }
  }

  has(id: string, nowMs: number): boolean {
    return (this.#until.get(id) ?? Number.NEGATIVE_INFINITY) > nowMs;
  }

  clear(): void {
    this.#until.clear();
  }
}
