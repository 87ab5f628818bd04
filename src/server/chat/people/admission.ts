/**
 * Who may come in, and as whom. A guest without a token is somebody new; a token proves who somebody is until they
 * sign out; a name is its first guest's, and every other one of that name gets a tag beside it, for ever.
 */
import type { Time } from '../../../connection/ports';
import type { ClientFrameOf } from '../../../protocol/frames';
import type { User } from '../../../protocol/user';
import type { Grant, People, TokenAuthority } from '../ports';
import { tagOf } from './userTag';

export interface AdmissionOptions {
  tokens: TokenAuthority;
  people: People;
  /** `now()` is ms since 1970. */
  time: Pick<Time, 'now'>;
  newId(): string;
  /** Something failed that the guest need not hear of. */
  onError(error: unknown): void;
}

export interface Admission {
  /** Who somebody is; undefined if their token proves nobody, or no longer does. */
  identify(auth: Pick<ClientFrameOf<'auth'>, 'token' | 'name'>): Promise<User | undefined>;
  /** A token to come back with; undefined if the user has signed out. */
  grant(user: User): Promise<Grant | undefined>;
  /** The same, and the user's name stays theirs for as long. */
  renew(user: User): Promise<Grant | undefined>;
  /** No token of the user holds any more. Rejects if that could not be kept: then they all do. */
  signOut(user: User): Promise<void>;
}

/** By how much a token may outlive its `lifetimeMs`: it ends on a whole second, and takes time to make. */
const slackMs = 60_000;

export function createAdmission(options: AdmissionOptions): Admission {
  const { tokens, people, time, newId, onError } = options;
  const { names, revocations } = people;

  const tagged = (user: User): User => ({ ...user, tag: tagOf(user.id) });

  /** No token that is made now holds any longer. */
  const endOfTokensMs = () => time.now() + tokens.lifetimeMs + slackMs;

  /** Whether the name is this user's; `otherwise` where that cannot be known now. */
  async function owns(user: User, otherwise: boolean): Promise<boolean> {
    try {
      return await names.claim(user, endOfTokensMs());
    } catch (error) {
      onError(error);
      return otherwise;
    }
  }

  async function release(userId: string) {
    await names.release(userId).catch(onError);
  }

  async function grant(user: User): Promise<Grant | undefined> {
    if (!(await revocations.isRevoked(user.id))) return tokens.issue(user);
    // It may have been claimed again while the user was signing out.
    await release(user.id);
    return undefined;
  }

  return {
    async identify({ token, name }) {
      if (token === undefined) {
        const guest = { id: newId(), name };
        return (await owns(guest, false)) ? guest : tagged(guest);
      }
      const user = await tokens.verify(token);
      if (!user || (await revocations.isRevoked(user.id))) return undefined;
      // A token without a tag says that the name is the user's, unless it is older than tags are.
      return user.tag !== undefined || (await owns(user, true)) ? user : tagged(user);
    },
    grant,
    async renew(user) {
      if (user.tag === undefined) await owns(user, true);
      return grant(user);
    },
    async signOut({ id }) {
      await revocations.revoke(id, endOfTokensMs());
      await release(id);
    },
  };
}
