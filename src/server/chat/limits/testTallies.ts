/** What gateways have told each other of their users' connections, with its leases: for tests. */
import type { ConnectionTally } from './sharedConnections';

export function createTallies(now: () => number) {
  const told = new Map<string, { count: number; untilMs: number }>();
  let isAway = false;

  /** What gateways have told of a user, each with how many. */
  const of = (userId: string): number[] =>
    [...told].flatMap(([key, { count, untilMs }]) =>
      key.endsWith(` ${userId}`) && untilMs > now() ? [count] : [],
    );

  return {
    of,
    /** Nobody can be told, until it is there again. */
    setAway(isNowAway: boolean) {
      isAway = isNowAway;
    },
    at: (gateway: string): ConnectionTally => ({
      async tell(userId, count, leaseMs) {
        if (isAway) throw new Error('away');
        told.set(`${gateway} ${userId}`, { count, untilMs: now() + (count > 0 ? leaseMs : 0) });
        return of(userId).reduce((sum, each) => sum + each, 0);
      },
    }),
  };
}
