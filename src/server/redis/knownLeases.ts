/**
 * Which leases of gateways are known to live. A lease that ended never lives again: a gateway that lost its
 * own takes another. What is read of all leases shows only those that there were when it was read, so
 * one that was heard of meanwhile is judged by the next reading.
 */
export interface LeaseReading {
  /** Which of the leases that were heard of have ended. */
  finish(alive: readonly string[]): string[];
}

export class KnownLeases {
  #alive: ReadonlySet<string> = new Set();
  /** Every lease by which somebody may be there, with the reading that had begun last when it was heard of. */
  readonly #heard = new Map<string, number>();
  #reading = 0;
  /** The latest one of which the answer has come. */
  #finished = 0;

  /** By the latest reading. */
  isAlive(lease: string): boolean {
    return this.#alive.has(lease);
  }

  /** Something was said by the lease. */
  heard(lease: string): void {
    if (!this.#heard.has(lease)) this.#heard.set(lease, this.#reading);
  }

  /** The lease has ended for certain. */
  gone(lease: string): void {
    this.#heard.delete(lease);
  }

  /** To be called before the leases are asked for. */
  beginReading(): LeaseReading {
    this.#reading += 1;
    const reading = this.#reading;
    return {
      finish: (alive) => {
        if (reading < this.#finished) return [];
        this.#finished = reading;
        this.#alive = new Set(alive);
        const gone: string[] = [];
        for (const [lease, heardIn] of this.#heard) {
          if (heardIn < reading && !this.#alive.has(lease)) gone.push(lease);
        }
        for (const lease of gone) this.#heard.delete(lease);
        return gone;
      },
    };
  }
}
