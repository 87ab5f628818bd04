/**
 * Who is in one room, and what changed since the others were last told. A user is there while any of
 * their connections is; one whose line broke stays for a grace, so that a reconnect goes unseen. Who comes
 * and goes in between is told of by how it ended.
 */
import type { Cancel } from '../../connection/ports';
import type { ServerFrameOf, User } from '../../protocol/frames';
import { limits } from '../../protocol/limits';

type PresenceFrame = Omit<ServerFrameOf<'presence'>, 't' | 'room'>;

interface Presence {
  readonly user: User;
  connections: number;
  /** Running while the user has no connection and may still come back unseen. */
  cancelGrace: Cancel | undefined;
}

export class RoomPresence {
  readonly #present = new Map<string, Presence>();
  readonly #came = new Map<string, User>();
  readonly #left = new Set<string>();
  /** What was last told was how many, not who. */
  #wasCrowded = false;

  get size(): number {
    return this.#present.size;
  }

  /** One more connection of `user`. */
  arrive(user: User): void {
    const known = this.#present.get(user.id);
    if (known) {
      known.cancelGrace?.();
      known.cancelGrace = undefined;
      known.connections += 1;
      return;
    }
    this.#present.set(user.id, { user, connections: 1, cancelGrace: undefined });
    // Told even to who never heard that the user had left: somebody may have come in between.
    this.#left.delete(user.id);
    this.#came.set(user.id, user);
  }

  /**
   * One connection less. When it was the user's last, `startGrace` is called with what removes the user,
   * and returns what cancels that; without it the user is gone at once.
   */
  depart(userId: string, startGrace: ((remove: () => void) => Cancel) | undefined): void {
    const known = this.#present.get(userId);
    if (!known) return;
    known.connections -= 1;
    if (known.connections > 0) return;
    const remove = () => {
      this.#present.delete(userId);
      this.#came.delete(userId);
      this.#left.add(userId);
    };
    if (startGrace) known.cancelGrace = startGrace(remove);
    else remove();
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
