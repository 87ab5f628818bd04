/**
 * Who one client is, from its `auth` on: proven by a token, counted among the connections of its user, until the
 * token ends, the user signs out, or the line has ended.
 */
import { closeCodes } from '../../../protocol/closeCodes';
import type { ClientFrameOf } from '../../../protocol/frames';
import type { User } from '../../../protocol/user';
import { forgetUploads } from '../files/files';
import type { UserConnection } from '../people/users';
import type { Grant } from '../ports';
import { type Asking, later } from './connectionHost';

export class ClientIdentity {
  readonly #asking: Asking;
  readonly #connection: UserConnection;
  #user: User | undefined;
  /** Until when the client's token holds, in ms since 1970. */
  #expiresAt = Number.POSITIVE_INFINITY;

  /** `connection` is what ends when the user signs out elsewhere. */
  constructor(asking: Asking, connection: UserConnection) {
    this.#asking = asking;
    this.#connection = connection;
  }

  get user(): User | undefined {
    return this.#user;
  }

  /** Finds out who it is, and returns what it is to come back with; undefined where it is sent away. */
  async prove(frame: ClientFrameOf<'auth'>): Promise<Grant | undefined> {
    const { host, client, line } = this.#asking;
    const { admission, users, gateway, push, allowances, sharedAllowances } = host;
    const user = await admission.identify(frame);
    if (!user) return void client.close(closeCodes.badToken);
    if (line.isClosing) return undefined;
    if (users.connectionsOf(user.id).length >= allowances.connectionsPerUser) {
      return void client.close(closeCodes.tooManyConnections);
    }
    // Known to a sign-out from here on, and asked about after that: none can slip through.
    this.#user = user;
    users.add(user.id, this.#connection);
    push?.came(user.id);
    gateway?.lines.came(user.id);
    if ((await sharedAllowances?.opened(user.id)) === false) {
      return void client.close(closeCodes.tooManyConnections);
    }
    const grant = await admission.grant(user);
    if (!grant) client.close(closeCodes.badToken);
    return grant;
  }

  /** Notes how long the client may stay by this token, and says it as the client is told. */
  take({ token, expiresAt }: Grant) {
    this.#expiresAt = expiresAt;
    return { token, expiresIn: Math.max(0, expiresAt - this.#asking.host.time.now()) };
  }

  /** Looked at whenever something happens: a timer could not be armed for so long. */
  endIfExpired(): boolean {
    const { host, client } = this.#asking;
    if (host.time.now() < this.#expiresAt) return false;
    client.close(closeCodes.tokenExpired);
    return true;
  }

  refresh(user: User): void {
    const { host, client, requests } = this.#asking;
    void requests.runInTurn(
      async () => {
        const grant = await host.admission.renew(user);
        if (grant) client.send({ t: 'token', ...this.take(grant) });
        else client.close(closeCodes.badToken);
      },
      () => client.close(closeCodes.internalError),
    );
  }

  /** Ends this line and all others of the user; that is the answer. */
  signOut(user: User): void {
    const { host, client, requests } = this.#asking;
    const { admission, gateway, files, signedOut, failed, random } = host;
    void requests.run(
      async () => {
        try {
          await admission.signOut(user);
        } catch (error) {
          failed(error);
          const message = 'the sign-out could not be kept';
          return client.refuse('sign_out_failed', message, later(random));
        }
        gateway?.signedOut(user.id);
        signedOut(user.id);
        if (files) await forgetUploads(files, user.id, failed);
      },
      () => {},
    );
  }

  /** The line has ended with this close code. */
  closed(code: number): void {
    if (!this.#user) return;
    const { id } = this.#user;
    const { users, push, gateway, sharedAllowances } = this.#asking.host;
    users.remove(id, this.#connection);
    this.#endWriting(id, code);
    push?.left(id, code);
    gateway?.lines.left(id, code);
    sharedAllowances?.closed(id);
  }

  #endWriting(userId: string, code: number): void {
    const { users, streams } = this.#asking.host;
    if (users.connectionsOf(userId).length > 0) return;
    const isForGood = code === closeCodes.left.code || code === closeCodes.signedOut.code;
    streams.left(userId, isForGood ? 'at once' : 'after a grace');
  }
}
