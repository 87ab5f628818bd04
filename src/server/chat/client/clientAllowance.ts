/**
 * How much one client may do. What it spends is taken from its own credits, and what costs more than an answer
 * from those of its user and its address as well; who owes some is not read until they are there again. What the
 * host had read by then waits, and nothing is lost unless the client is sent away.
 */
import type { Cancel } from '../../../connection/ports';
import { closeCodes } from '../../../protocol/closeCodes';
import { isShared, maxDebtMs } from '../limits/allowances';
import { TokenBucket } from '../limits/tokenBucket';
import type { ClientLine } from './clientLine';
import type { ConnectionHost } from './connectionHost';

/** A WebSocket message, as it came. */
export type Came = string | Uint8Array<ArrayBuffer>;

export interface AllowanceOwner {
  /** Who the client is, once that is known. */
  readonly userId: string | undefined;
  /** Reads what has waited. */
  read(came: Came): void;
}

export class ClientAllowance {
  readonly #host: ConnectionHost;
  readonly #line: ClientLine;
  readonly #owner: AllowanceOwner;
  readonly #bucket: TokenBucket;
  /** Set while the client is not read. */
  #cancelThrottle: Cancel | undefined;
  #backlog: Came[] | undefined;

  constructor(host: ConnectionHost, line: ClientLine, owner: AllowanceOwner) {
    this.#host = host;
    this.#line = line;
    this.#owner = owner;
    this.#bucket = new TokenBucket(host.allowances.connection, host.time.now());
  }

  /** Hands over what has come: now, or once what the client owes is there. */
  take(came: Came): void {
    // A line that is being closed is read again, for the answer to that alone.
    if (this.#line.isClosing) return;
    if (!this.#cancelThrottle) this.#owner.read(came);
    // At most what one read of the stream held: nothing more comes while the line is paused.
    else if (this.#backlog) this.#backlog.push(came);
    else this.#backlog = [came];
  }

  spend(cost: number) {
    if (this.#line.isClosing || this.#line.isTrusted) return;
    const { time, userBuckets, addressBuckets } = this.#host;
    const { userId } = this.#owner;
    const ownDebtMs = this.#bucket.take(cost, time.now());
    if (ownDebtMs > maxDebtMs) return this.#line.close(closeCodes.rateLimited);
    const sharedDebtMs = isShared(cost)
      ? Math.max(
          userId === undefined ? 0 : userBuckets.take(userId, cost),
          addressBuckets.take(this.#line.address, cost),
        )
      : 0;
    const debtMs = Math.max(ownDebtMs, sharedDebtMs);
    if (debtMs > 0) this.throttle(debtMs);
  }

  /** Does not read the client for so long, in ms. */
  throttle(forMs: number): void {
    if (this.#cancelThrottle) return;
    this.#host.observer.dropped('throttled');
    this.#line.pause();
    this.#cancelThrottle = this.#host.time.after(forMs, () => {
      this.#cancelThrottle = undefined;
      this.#readBacklog();
      this.#line.resume();
    });
  }

  /** Leaves no timer, and forgets what has waited: nothing of it would be heeded. */
  stop(): void {
    this.#cancelThrottle?.();
    this.#backlog = undefined;
  }

  /** Reads what had come before the line stopped, until it is too much again. */
  #readBacklog(): void {
    const backlog = this.#backlog ?? [];
    this.#backlog = undefined;
    for (const [index, came] of backlog.entries()) {
      if (this.#line.isClosing) return;
      if (this.#cancelThrottle) {
        this.#backlog = backlog.slice(index);
        return;
      }
      this.#owner.read(came);
    }
  }
}
