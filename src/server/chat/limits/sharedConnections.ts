/**
 * How many connections a user may have, over all gateways. A gateway says how many it has of each user who has
 * two there or more, for as long as a lease that it renews: of nearly everybody nothing has to be said, and
 * what a gateway said that has ended is void by itself. As each gateway may have one connection that it does
 * not tell of, a user may have one too many for each gateway. While nobody can be told, each limits its own.
 */
import type { Cancel, Time } from '../../../connection/ports';
import type { Users } from '../people/users';

/** Where gateways tell each other how many connections users have. */
export interface ConnectionTally {
  /**
   * For `leaseMs` this gateway has `count` connections of the user, 0 for none to be told of. Resolves with
   * how many were told of by all gateways; in the order of the calls. May reject.
   */
  tell(userId: string, count: number, leaseMs: number): Promise<number>;
}

export interface SharedConnections {
  /**
   * The user has another connection here, which is among the users': says whether they may have it. If not,
   * it is to be closed. Never rejects.
   */
  opened(userId: string): Promise<boolean>;
  /** The user has one less, which is not among the users' any more. */
  closed(userId: string): void;
  /** This gateway ends: takes back what it has told, tells nothing more, and leaves no timer. */
  clear(): void;
}

export interface SharedConnectionsOptions {
  tally: ConnectionTally;
  users: Pick<Users, 'connectionsOf'>;
  /** How many a user may have. */
  most: number;
  time: Time;
  /** How long what was told holds, in ms; it is told again three times as often. */
  leaseMs?: number;
  /** Told when nobody can be told any more; not again before that has worked. */
  onError(error: unknown): void;
}

/** With fewer connections here nobody is told of a user. */
const leastTold = 2;

export function createSharedConnections(options: SharedConnectionsOptions): SharedConnections {
  const { tally, users, most, time, leaseMs = 30_000, onError } = options;
  /** Users of whom was told. */
  const told = new Set<string>();
  let cancelRenewal: Cancel | undefined;
  let hasEnded = false;
  let isAway = false;

  /** Resolves with how many all have, or with undefined if that cannot be known now. */
  async function tell(userId: string, count: number): Promise<number | undefined> {
    try {
      const total = await tally.tell(userId, count, leaseMs);
      isAway = false;
      return total;
    } catch (error) {
      if (!isAway) onError(error);
      isAway = true;
      return undefined;
    }
  }

  function renew() {
    cancelRenewal = undefined;
    for (const userId of told) void tell(userId, users.connectionsOf(userId).length);
    renewLater();
  }

  function renewLater() {
    if (told.size > 0) cancelRenewal ??= time.after(leaseMs / 3, renew);
  }

  return {
    async opened(userId) {
      const count = users.connectionsOf(userId).length;
      if (hasEnded || count < leastTold || most === Number.POSITIVE_INFINITY) return true;
      told.add(userId);
      renewLater();
      const total = await tell(userId, count);
      return total === undefined || total <= most;
    },

    closed(userId) {
      if (!told.has(userId)) return;
      const count = users.connectionsOf(userId).length;
      if (count < leastTold) told.delete(userId);
      void tell(userId, count < leastTold ? 0 : count);
    },

    clear() {
      hasEnded = true;
      cancelRenewal?.();
      for (const userId of told) void tell(userId, 0);
      told.clear();
    },
  };
}
