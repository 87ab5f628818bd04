/** What users and addresses may do at all gateways together: what limits it, put together. */
import type { Time } from '../../../connection/ports';
import type { Users } from '../people/users';
import type { Allowances, KeyedBuckets } from './allowances';
import { createSharedBuckets, type Spending, type SpendingKind } from './sharedBuckets';
import {
  type ConnectionTally,
  createSharedConnections,
  type SharedConnections,
} from './sharedConnections';
import type { Rate } from './tokenBucket';

export interface SharedAllowances extends SharedConnections {
  /** What users and addresses may spend, by their ids. */
  readonly users: KeyedBuckets;
  readonly addresses: KeyedBuckets;
}

/** The chat server that limits by them. */
export interface SharedAllowancesHost {
  allowances: Allowances;
  users: Pick<Users, 'connectionsOf'>;
  time: Time;
  /** Told of what should not have happened. */
  onError(error: unknown): void;
}

/** Where gateways tell each other what they need to know for it. */
export interface SharedAllowancesPorts {
  /** For what is spent of buckets of this kind, all of the same rate. */
  spendingOf(kind: SpendingKind, rate: Rate): Spending;
  tally: ConnectionTally;
}

/** Limits for a chat that has several gateways; a server that is alone needs none of this. */
export const sharedAllowancesThrough =
  ({ spendingOf, tally }: SharedAllowancesPorts) =>
  ({ allowances, ...host }: SharedAllowancesHost): SharedAllowances => {
    const bucketsOf = (kind: 'user' | 'address') =>
      createSharedBuckets({
        rate: allowances[kind],
        spending: spendingOf(kind, allowances[kind]),
        ...host,
      });
    return {
      users: bucketsOf('user'),
      addresses: bucketsOf('address'),
      ...createSharedConnections({ tally, most: allowances.connectionsPerUser, ...host }),
    };
  };
