/**
 * Tells other gateways which users have a line here: those whose line broke for a grace longer, as they may
 * come back to any gateway.
 */
import type { Cancel, Time } from '../../../connection/ports';
import { closeCodes } from '../../../protocol/closeCodes';
import type { Users } from '../people/users';
import type { UserLines } from './cluster';

export interface ToldLines {
  /** A connection of the user has opened, and is among the users'. */
  came(userId: string): void;
  /** A connection of the user has ended with this close code, and is not among the users' any more. */
  left(userId: string, code: number): void;
  /** Tells nothing more, and leaves no timer. */
  clear(): void;
}

export interface ToldLinesOptions {
  lines: Pick<UserLines, 'came' | 'left'>;
  users: Pick<Users, 'connectionsOf'>;
  time: Time;
  /** How long a user whose line broke is still taken to be there, in ms. */
  graceMs: number;
}

export function createToldLines({ lines, users, time, graceMs }: ToldLinesOptions): ToldLines {
  /** Users who are told to be here, with what ends their grace if it runs. */
  const told = new Map<string, Cancel | undefined>();

  function leave(userId: string) {
    told.delete(userId);
    lines.left(userId);
  }

  return {
    came(userId) {
      told.get(userId)?.();
      if (!told.has(userId)) lines.came(userId);
      told.set(userId, undefined);
    },

    left(userId, code) {
      if (!told.has(userId) || users.connectionsOf(userId).length > 0) return;
      if (code === closeCodes.left.code) leave(userId);
      else
        told.set(
          userId,
          time.after(graceMs, () => leave(userId)),
        );
    },

    clear() {
      for (const cancel of told.values()) cancel?.();
      told.clear();
    },
  };
}
