/**
 * Who wants to be pushed to, by room and by user, in memory: what every store answers from. Each change
 * says what it displaced, so that a store can write the same to its disk.
 */
import { limits } from '../../../protocol/limits';
import type { PushRegistration, PushSelection, PushStore } from './pushPorts';

interface Added {
  /** What was there in its place. */
  replaced: PushRegistration | undefined;
  isNew: boolean;
  displaced: PushRegistration[];
}

/**
 * So many there may be in all: without a bound, who never tires of new guests could fill the memory. The longest take
 * about 2 KB each.
 */
const defaultMost = 200_000;

export class PushRegistry {
  /** What was registered last comes last. */
  readonly #all = new Set<PushRegistration>();
  readonly #most: number;
  /** Of each user, what was registered last comes last. */
  readonly #byUser = new Map<string, PushRegistration[]>();
  readonly #byRoom = new Map<string, Set<PushRegistration>>();

  /** `most`: how many there may be in all. */
  constructor(most = defaultMost) {
    this.#most = most;
  }

  inRoom(room: string): PushRegistration[] {
    return [...(this.#byRoom.get(room) ?? [])];
  }

  ofUser(userId: string): readonly PushRegistration[] {
    return this.#byUser.get(userId) ?? [];
  }

  /** Returns what had to give way, or undefined if the room is full. `isNew`: it was not there just so. */
  add(registration: PushRegistration): Added | undefined {
    const { userId, room, subscription } = registration;
    const { endpoint, keys } = subscription;
    const [replaced] = this.remove(userId, { room, endpoint });
    const count = this.#byRoom.get(room)?.size ?? 0;
    if (count >= limits.pushRegistrationsPerRoom) return undefined;
    const { p256dh, auth } = replaced?.subscription.keys ?? {};
    const displaced = [...this.#makeRoom(userId, endpoint), ...this.#forgetOldest()];
    this.#all.add(registration);
    const own = this.#byUser.get(userId) ?? [];
    own.push(registration);
    this.#byUser.set(userId, own);
    const inRoom = this.#byRoom.get(room) ?? new Set();
    inRoom.add(registration);
    this.#byRoom.set(room, inRoom);
    return { replaced, isNew: p256dh !== keys.p256dh || auth !== keys.auth, displaced };
  }

  /** Returns what was removed. */
  remove(userId: string, which: PushSelection): PushRegistration[] {
    const own = this.#byUser.get(userId) ?? [];
    const isMeant = ({ room, subscription }: PushRegistration) =>
      (which.room ?? room) === room &&
      (which.endpoint ?? subscription.endpoint) === subscription.endpoint;
    const removed = own.filter(isMeant);
    if (removed.length === 0) return [];
    const left = own.filter((each) => !isMeant(each));
    if (left.length > 0) this.#byUser.set(userId, left);
    else this.#byUser.delete(userId);
    for (const each of removed) {
      this.#all.delete(each);
      const inRoom = this.#byRoom.get(each.room);
      inRoom?.delete(each);
      if (inRoom?.size === 0) this.#byRoom.delete(each.room);
    }
    return removed;
  }

  /** Makes place for one more. */
  #forgetOldest(): PushRegistration[] {
    if (this.#all.size < this.#most) return [];
    for (const { userId, room, subscription } of this.#all) {
      return this.remove(userId, { room, endpoint: subscription.endpoint });
    }
    return [];
  }

  #makeRoom(userId: string, endpoint: string): PushRegistration[] {
    const own = this.ofUser(userId);
    const ofEndpoint = own.filter(({ subscription }) => subscription.endpoint === endpoint);
    if (ofEndpoint.length >= limits.roomsPerConnection) {
      return this.remove(userId, { room: ofEndpoint[0]?.room, endpoint });
    }
    // Newest first, so that the last one is the endpoint heard of longest ago.
    const newestFirst = own.toReversed().map(({ subscription }) => subscription.endpoint);
    const others = [...new Set(newestFirst)].filter((each) => each !== endpoint);
    if (others.length < limits.pushEndpointsPerUser) return [];
    return this.remove(userId, { endpoint: others.at(-1) });
  }
}

/** A store that forgets everything at the end. */
export function createMemoryPushStore(): PushStore {
  const registry = new PushRegistry();
  return {
    add: async (registration) => (registry.add(registration) ? 'kept' : 'room full'),
    remove: async (userId, which) => void registry.remove(userId, which),
    inRoom: async (room) => registry.inRoom(room),
    ofUser: async (userId) => registry.ofUser(userId),
  };
}
