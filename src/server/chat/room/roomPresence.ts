/**
 * Who is in one room, and what changed since the others were last told. A user is there while any of
 * their connections is, here or at another gateway; one whose line broke stays for a grace, so that a
 * reconnect goes unseen. Who comes and goes in between is told of by how it ended.
 */
import type { Cancel } from '../../../connection/ports';
import type { ServerFrameOf } from '../../../protocol/frames';
import { limits } from '../../../protocol/limits';
import type { User } from '../../../protocol/user';

type PresenceFrame = Omit<ServerFrameOf<'presence'>, 't' | 'room'>;

/** Told of who is there by a connection of this server. Said once or more. */
export interface HerePresence {
  came(user: User): void;
  gone(userId: string): void;
}

interface Presence {
  readonly user: User;
  /** How many connections of this server are theirs. */
  connections: number;
  /** Running while the user has no connection and may still come back unseen. */
  cancelGrace: Cancel | undefined;
  /** The other gateways at which the user is there, too. */
  elsewhere: Set<string> | undefined;
}

export class RoomPresence {
  readonly #here: HerePresence | undefined;
  readonly #present = new Map<string, Presence>();
  readonly #came = new Map<string, User>();
  readonly #left = new Set<string>();
  /** How many are there by this server, those in their grace included. */
  #hereCount = 0;
  /** What was last told was how many, not who. */
  #wasCrowded = false;

  constructor(here?: HerePresence) {
    this.#here = here;
  }

  get size(): number {
    return this.#present.size;
  }

  /** Nobody is there by this server, nor may come back unseen. */
  get isEmptyHere(): boolean {
    return this.#hereCount === 0;
  }

  /** One more connection of `user`. */
  arrive(user: User): void {
    const presence = this.#enter(user);
    const isHere = presence.connections > 0 || presence.cancelGrace !== undefined;
    presence.cancelGrace?.();
    presence.cancelGrace = undefined;
    presence.connections += 1;
    if (isHere) return;
    this.#hereCount += 1;
    this.#here?.came(user);
  }

  /**
   * One connection less. When it was the user's last, `startGrace` is called with what removes the user,
   * and returns what cancels that; without it the user is gone at once.
   */
  depart(userId: string, startGrace: ((remove: () => void) => Cancel) | undefined): void {
    const presence = this.#present.get(userId);
    if (!presence || presence.connections === 0) return;
    presence.connections -= 1;
    if (presence.connections > 0) return;
    // Who is there elsewhere needs no grace.
    if (startGrace && !presence.elsewhere) {
      presence.cancelGrace = startGrace(() => this.#leaveHere(presence));
    } else this.#leaveHere(presence);
  }

  /** The user is there at another gateway. */
  arriveElsewhere(gateway: string, user: User): void {
    const presence = this.#enter(user);
    presence.elsewhere ??= new Set();
    presence.elsewhere.add(gateway);
    if (!presence.cancelGrace) return;
    presence.cancelGrace();
    this.#leaveHere(presence);
  }

  /** The user is no longer there at another gateway. */
  departElsewhere(gateway: string, userId: string): void {
    const presence = this.#present.get(userId);
    if (!presence?.elsewhere?.delete(gateway)) return;
    if (presence.elsewhere.size === 0) presence.elsewhere = undefined;
    this.#removeIfGone(presence);
  }

  /** Nobody is there any more by that gateway. */
  gatewayGone(gateway: string): void {
    for (const userId of [...this.#present.keys()]) this.departElsewhere(gateway, userId);
  }

  #enter(user: User): Presence {
    const known = this.#present.get(user.id);
    if (known) return known;
    const presence = { user, connections: 0, cancelGrace: undefined, elsewhere: undefined };
    this.#present.set(user.id, presence);
    // Told even to who never heard that the user had left: somebody may have come in between.
    this.#left.delete(user.id);
    this.#came.set(user.id, user);
    return presence;
  }

  #leaveHere(presence: Presence): void {
    presence.cancelGrace = undefined;
    this.#hereCount -= 1;
    this.#here?.gone(presence.user.id);
    this.#removeIfGone(presence);
  }

  #removeIfGone({ user, connections, cancelGrace, elsewhere }: Presence): void {
    if (connections > 0 || cancelGrace || elsewhere) return;
    this.#present.delete(user.id);
    this.#came.delete(user.id);
    this.#left.add(user.id);
  }

  get hasNews(): boolean {
    return this.#came.size > 0 || this.#left.size > 0;
  }

  /** Everybody who is there; in a crowd the first of them, and how many there are. */
  snapshot(): PresenceFrame {
    const members: User[] = [];
    for (const { user } of this.#present.values()) {
      if (members.length >= limits.presenceMembers) break;
      members.push(user);
    }
    return { count: this.size, members };
  }

  /** What changed since this was last asked. In a crowd only how many there are: names would drown it. */
  takeNews(): PresenceFrame {
    const came = [...this.#came.values()];
    const left = [...this.#left];
    this.#came.clear();
    this.#left.clear();
    const isCrowded = this.size > limits.presenceMembers;
    const wasCrowded = this.#wasCrowded;
    this.#wasCrowded = isCrowded;
    if (isCrowded) return { count: this.size };
    if (wasCrowded) return this.snapshot();
    return { count: this.size, ...(came.length > 0 && { came }), ...(left.length > 0 && { left }) };
  }

  /** Leaves no timer. */
  clear(): void {
    for (const { cancelGrace } of this.#present.values()) cancelGrace?.();
    this.#present.clear();
  }
}
