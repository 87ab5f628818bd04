/**
 * How many connections there may be, in all and from one address, and how quickly one address may make
 * new ones. Asked before an upgrade is answered: who is refused costs next to nothing.
 */
import type { Time } from '../../connection/ports';
import { createKeyedBuckets, type KeyedBuckets } from '../chat/limits/allowances';
import type { Rate } from '../chat/limits/tokenBucket';

export interface ConnectionLimits {
  /** Open connections, in all and from one address. */
  readonly total: number;
  readonly perAddress: number;
  /** New connections from one address. */
  readonly handshakes: Rate;
}

/** A house with many people may be behind one address, and all of them come back after a restart. */
export const defaultConnectionLimits: ConnectionLimits = {
  total: 20_000,
  perAddress: 1_000,
  handshakes: { perSecond: 50, burst: 1_000 },
};

export const noConnectionLimits: ConnectionLimits = {
  total: Number.POSITIVE_INFINITY,
  perAddress: Number.POSITIVE_INFINITY,
  handshakes: { perSecond: Number.POSITIVE_INFINITY, burst: Number.POSITIVE_INFINITY },
};

/** Why nobody more is let in, in words for who asked. */
export const gateRefusals = {
  'server full': 'the server has as many connections as it may have',
  'too many from this address': 'there are as many connections from this address as there may be',
  'too fast': 'this address connects too fast',
} as const;

export type GateRefusal = keyof typeof gateRefusals;

export interface ConnectionGate {
  /** Lets one more connection in, or says why not. Who was let in must be said to have `left`. */
  enter(address: string): GateRefusal | undefined;
  left(address: string): void;
  readonly size: number;
  /** Leaves no timer. */
  close(): void;
}

/** `handshakes` are the buckets of addresses for new connections: several gateways may share them. */
export function createConnectionGate(
  limits: ConnectionLimits,
  time: Time,
  handshakes: KeyedBuckets = createKeyedBuckets(limits.handshakes, time),
): ConnectionGate {
  const open = new Map<string, number>();
  let total = 0;
  return {
    enter(address) {
      const fromThere = open.get(address) ?? 0;
      if (total >= limits.total) return 'server full';
      if (fromThere >= limits.perAddress) return 'too many from this address';
      if (!handshakes.tryTake(address, 1)) return 'too fast';
      open.set(address, fromThere + 1);
      total += 1;
      return undefined;
    },
    left(address) {
      const fromThere = (open.get(address) ?? 0) - 1;
      if (fromThere > 0) open.set(address, fromThere);
      else open.delete(address);
      total -= 1;
    },
    get size() {
      return total;
    },
    close: handshakes.clear,
  };
}
