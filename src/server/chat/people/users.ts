/** Who is connected, and by which of their connections: what limits and sign-out go by. */
import type { CloseCode } from '../../../protocol/closeCodes';

/** One connection, as far as it belongs to a user. */
export interface UserConnection {
  /** Closes, and ends the line if that hangs. */
  close(code: CloseCode): void;
  /** Says nothing more on the line, until it ends. */
  fallSilent(): void;
}

export interface Users {
  add(userId: string, connection: UserConnection): void;
  remove(userId: string, connection: UserConnection): void;
  /** The open connections of one user. */
  connectionsOf(userId: string): readonly UserConnection[];
  /** Who has any. */
  ids(): Iterable<string>;
  readonly size: number;
}

export function createUsers(): Users {
  // Arrays: nearly everybody has one connection, and a set for each would cost more than all else.
  const users = new Map<string, UserConnection[]>();
  return {
    add(userId, connection) {
      const known = users.get(userId);
      if (known) known.push(connection);
      else users.set(userId, [connection]);
    },
    remove(userId, connection) {
      const left = (users.get(userId) ?? []).filter((each) => each !== connection);
      if (left.length > 0) users.set(userId, left);
      else users.delete(userId);
    },
    connectionsOf: (userId) => users.get(userId) ?? [],
    ids: () => users.keys(),
    get size() {
      return users.size;
    },
  };
}
