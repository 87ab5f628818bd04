/**
 * What a user sends and fetches of files on one connection. Most who chat send none for now: the code for it is
 * fetched for the first.
 */
import { refusalWords } from '../../../protocol/errorCodes';
import type { FileSent, MessageFile } from '../../../protocol/file';
import type { User } from '../../../protocol/user';
import { LogUnavailableError } from '../../log/log';
import type { CameOfFile, ClientUploads } from './clientUploads';
import { type Asking, later, type RefusalFields } from './connectionHost';

export class ClientFiles {
  readonly #asking: Asking;
  readonly #user: User;
  #uploads: Promise<ClientUploads> | undefined;
  #hasEnded = false;

  constructor(asking: Asking, user: User) {
    this.#asking = asking;
    this.#user = user;
  }

  /** Takes a frame, or a piece, in the order of coming. `named`: by what the client knows it. */
  take(came: CameOfFile, named: RefusalFields) {
    const { host, client, requests } = this.#asking;
    if (!host.files) return client.refuse('no_files', refusalWords.no_files, named);
    void requests.run(
      async () => (await this.#load()).take(came),
      () => client.refuse('unavailable', 'files are away', { ...named, ...later(host.random) }),
    );
  }

  /** What a message that brings these uploads has of them; undefined if they are not there. */
  async fileOf(sent: FileSent): Promise<MessageFile | undefined> {
    return this.#asking.host.files && (await this.#load()).fileOf(sent);
  }

  /** The connection has ended: what has not been written yet never will be. */
  stop(): void {
    this.#hasEnded = true;
    void this.#uploads?.then((uploads) => uploads.stop());
  }

  async #load(): Promise<ClientUploads> {
    this.#uploads ??= import('./clientUploads').then(({ ClientUploads }) => {
      const uploads = new ClientUploads(this.#asking, this.#user);
      if (this.#hasEnded) uploads.stop();
      return uploads;
    });
    try {
      return await this.#uploads;
    } catch (error) {
      this.#uploads = undefined;
      throw new LogUnavailableError(`files could not be loaded: ${error}`);
    }
  }
}
