/**
 * Who is told to be in one room at the other gateways, and by which of their leases. What comes by messages
 * and what is read as a whole may overtake each other: what was said while a reading was under way counts
 * for more than what is read.
 */
import type { User } from '../../protocol/user';
import type { RoomListener } from '../chat/gateways/cluster';

type Presence = Pick<RoomListener, 'arrived' | 'left' | 'gatewayGone'>;

export interface RosterEntry {
  lease: string;
  user: User;
}

export class RoomRoster {
  /** Undefined once nobody is to be told. */
  #listener: Presence | undefined;
  /** Ids of users, by lease. */
  readonly #there = new Map<string, Set<string>>();
  /** What was said since a reading began: `lease id` of users, and leases that have ended. */
  #saidSince: Set<string> | undefined;

  constructor(listener: Presence) {
    this.#listener = listener;
  }

  /** How many are there, by how many leases ever. */
  get size(): number {
    let size = 0;
    for (const users of this.#there.values()) size += users.size;
    return size;
  }

  /** A message says who has come and who has left. */
  heard(lease: string, came: readonly User[], left: readonly string[]): void {
    for (const user of came) {
      this.#saidSince?.add(`${lease} ${user.id}`);
      this.#arrive(lease, user);
    }
    for (const id of left) {
      this.#saidSince?.add(`${lease} ${id}`);
      this.#leave(lease, id);
    }
  }

  /** The lease has ended, and who was there by it is gone. */
  gone(lease: string): void {
    this.#saidSince?.add(lease);
    if (this.#there.delete(lease)) this.#listener?.gatewayGone(lease);
  }

  /** Nobody is told any more: who is told of one may have left the room by that, with others still to be told. */
  close(): void {
    this.#listener = undefined;
  }

  beginReading(): void {
    this.#saidSince = new Set();
  }

  /** It could not be read. */
  abandonReading(): void {
    this.#saidSince = undefined;
  }

  /** All who are there, as read since `beginReading`. */
  finishReading(entries: readonly RosterEntry[]): void {
    const said = this.#saidSince ?? new Set();
    this.#saidSince = undefined;
    const read = new Set<string>();
    for (const { lease, user } of entries) {
      const entry = `${lease} ${user.id}`;
      read.add(entry);
      if (!said.has(lease) && !said.has(entry)) this.#arrive(lease, user);
    }
    for (const [lease, users] of [...this.#there]) {
      for (const id of [...users]) {
        const entry = `${lease} ${id}`;
        if (!read.has(entry) && !said.has(entry)) this.#leave(lease, id);
      }
    }
  }

  #arrive(lease: string, user: User): void {
    const users = this.#there.get(lease) ?? new Set();
    if (users.has(user.id)) return;
    this.#there.set(lease, users.add(user.id));
    this.#listener?.arrived(lease, user);
  }

  #leave(lease: string, userId: string): void {
    const users = this.#there.get(lease);
    if (!users?.delete(userId)) return;
    if (users.size === 0) this.#there.delete(lease);
    this.#listener?.left(lease, userId);
  }
}
