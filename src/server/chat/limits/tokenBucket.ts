/**
 * A token bucket: how much somebody may do, in bursts and in the long run. What is asked for is always
 * taken, into debt if need be; the answer says how long the debt takes to be paid, so that whoever went
 * too far is slowed to the rate, in order, instead of being refused.
 */

/** What may be done: `perSecond` in the long run, `burst` at once by who was quiet. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

export class TokenBucket {
  readonly #rate: Rate;
  #level: number;
  /** When `#level` was true, in ms. */
  #at: number;

  /** A full one, unless `level` says what is in it. `rate.perSecond` may be Infinity: then nothing is ever owed. */
  constructor(rate: Rate, nowMs: number, level = rate.burst) {
    this.#rate = rate;
    this.#level = level;
    this.#at = nowMs;
  }

  /**
   * Takes `cost`, and says how long the bucket is then in debt, in ms: 0 if it is not. No debt grows beyond
   * `mostDebtMs`: where several share a bucket, one of them can hold up the others no longer than that.
   */
  take(cost: number, nowMs: number, mostDebtMs = Number.POSITIVE_INFINITY): number {
    const { perSecond } = this.#rate;
    if (perSecond === Number.POSITIVE_INFINITY) return 0;
    this.#fill(nowMs);
    this.#level = Math.max(this.#level - cost, (-mostDebtMs / 1_000) * perSecond);
    return this.#level >= 0 ? 0 : (-this.#level / perSecond) * 1_000;
  }

  /** Takes `cost` only if it is there: says whether it was. */
  tryTake(cost: number, nowMs: number): boolean {
    if (this.#rate.perSecond === Number.POSITIVE_INFINITY) return true;
    this.#fill(nowMs);
    if (this.#level < cost) return false;
    this.#level -= cost;
    return true;
  }

  /** It is as full as a new one: nobody need remember it. */
  isFull(nowMs: number): boolean {
    if (this.#rate.perSecond === Number.POSITIVE_INFINITY) return true;
    this.#fill(nowMs);
    return this.#level >= this.#rate.burst;
  }

  #fill(nowMs: number): void {
    const { perSecond, burst } = this.#rate;
    // A clock that was set back gives nothing and takes nothing.
    const passedMs = Math.max(0, nowMs - this.#at);
    this.#level = Math.min(burst, this.#level + (passedMs / 1_000) * perSecond);
    this.#at = nowMs;
  }
}
