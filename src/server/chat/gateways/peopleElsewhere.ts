/** Who is told to be in one room at which other gateway: kept for who comes into it here after that was told. */
import type { User } from '../../../protocol/user';
import type { UserElsewhere } from '../room/sharedRooms';

export class PeopleElsewhere {
  /** By gateway, and by the user's id. */
  readonly #there = new Map<string, Map<string, User>>();

  arrived(gateway: string, user: User): void {
    const users = this.#there.get(gateway) ?? new Map<string, User>();
    this.#there.set(gateway, users.set(user.id, user));
  }

  left(gateway: string, userId: string): void {
    const users = this.#there.get(gateway);
    users?.delete(userId);
    if (users?.size === 0) this.#there.delete(gateway);
  }

  gatewayGone(gateway: string): void {
    this.#there.delete(gateway);
  }

  all(): UserElsewhere[] {
    return [...this.#there].flatMap(([gateway, users]) =>
      [...users.values()].map((user) => ({ gateway, user })),
    );
  }
}
