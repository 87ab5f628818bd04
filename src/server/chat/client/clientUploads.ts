/**
 * The files that a user sends on one connection. Frames and pieces are done one after another, apart from all
 * else that comes on the line, so that texts never wait behind a file; how much has been kept is told as it
 * is. Who sends more than is written is not read for a while.
 */

import { errorCodes, refusalWords } from '../../../protocol/errorCodes';
import type { FileSent, MessageFile } from '../../../protocol/file';
import type { ClientFrameOf } from '../../../protocol/frames';
import { decodePiece, type Piece } from '../../../protocol/piece';
import type { User } from '../../../protocol/user';
import { BlobRefusedError, type BlobStore, type FileFacts } from '../../blobs/blobs';
import { LogUnavailableError } from '../../log/log';
import { messageAt } from '../../log/messageAt';
import type { Files } from '../files/files';
import { costOfPiece } from '../limits/allowances';
import { type Asking, later } from './connectionHost';

type UploadFrame = ClientFrameOf<'upload' | 'unupload'>;
/** A frame, or a piece as it came. */
export type CameOfFile = UploadFrame | ClientFrameOf<'link'> | Uint8Array<ArrayBuffer>;

/** Bytes that wait to be written at which a line is no longer read; again at half as many. */
export const maxWaitingBytes = 1024 * 1024;
/** What a frame, or a piece beside its bytes, counts as. */
const bytesOfEach = 1024;
/** While more pieces wait, it is told at least so often how much is kept, in bytes. */
const toldEveryBytes = 256 * 1024;
/** Uploads whose refusal is remembered. */
const mostRefused = 100;

interface Waiting {
  readonly what: UploadFrame | Piece;
  readonly bytes: number;
}

export class ClientUploads {
  readonly #asking: Asking;
  readonly #user: User;
  readonly #files: Files;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #isRunning = false;
  #isPaused = false;
  #hasEnded = false;
  /** Of what is being told last: so much was kept then. */
  readonly #told = new Map<string, number>();
  /** Whose pieces were refused, and that was told: those behind need not be told of. */
  readonly #refused = new Set<string>();
  /** Ends the wait for credits. */
  #endWait: () => void = () => {};

  constructor(asking: Asking, user: User) {
    const { files } = asking.host;
    if (!files) throw new Error('there are no files');
    this.#asking = asking;
    this.#user = user;
    this.#files = files;
  }

  take(came: CameOfFile) {
    if ('t' in came && came.t === 'link') return this.#answerLink(came);
    const what = 't' in came ? came : decodePiece(came);
    const { client } = this.#asking;
    if (!what) return client.refuseBinary('what is binary is a piece of a file');
    if (this.#hasEnded) return;
    const bytes = bytesOfEach + ('bytes' in what ? what.bytes.length : 0);
    this.#waiting.push({ what, bytes });
    this.#waitingBytes += bytes;
    if (!this.#isPaused && this.#waitingBytes > maxWaitingBytes) {
      this.#isPaused = true;
      this.#asking.line.pause();
    }
    if (!this.#isRunning) void this.#run();
  }

  stop(): void {
    this.#hasEnded = true;
    this.#waiting = [];
    this.#endWait();
  }

  async fileOf({ upload, preview }: FileSent): Promise<MessageFile | undefined> {
    const blobs = await this.#files.blobs();
    const find = (id: string) => blobs.found({ userId: this.#user.id, id });
    const [whole, small] = await asLog(() =>
      Promise.all([find(upload), preview === undefined ? undefined : find(preview)]),
    );
    if (!whole || (preview !== undefined && !small)) return undefined;
    const file: MessageFile = { ...whole };
    const { sha256, type, size, width, height } = small ?? {};
    // Small or not: what is no picture is no picture of it either.
    if (sha256 && type && size && width && height) {
      file.preview = { sha256, type, size, width, height };
    }
    return file;
  }

  #answerLink(frame: ClientFrameOf<'link'>): void {
    const { host, client, requests } = this.#asking;
    const { room } = frame;
    void requests.runInTurn(
      () => this.#link(frame),
      () => {
        const fields = { room, instead: 'link', ...later(host.random) } as const;
        client.refuse('unavailable', 'files are away', fields);
      },
    );
  }

  async #link({ room, seq, part }: ClientFrameOf<'link'>): Promise<void> {
    const { host, client, line } = this.#asking;
    const file = (await messageAt(host.log, room, seq))?.file;
    const asked = part === 'whole' ? file : file?.preview;
    const link =
      file && asked && (await asLog(() => this.#files.linkOf({ name: file.name, ...asked })));
    if (line.isClosing) return;
    if (!link) return client.refuse('no_file', refusalWords.no_file, { room });
    client.send({ t: 'link', room, seq, part, ...link });
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      await this.#do(next.what);
      this.#waitingBytes -= next.bytes;
      if (this.#isPaused && this.#waitingBytes <= maxWaitingBytes / 2) {
        this.#isPaused = false;
        this.#asking.line.resume();
      }
    }
    this.#isRunning = false;
  }

  async #do(what: UploadFrame | Piece): Promise<void> {
    const { id } = what;
    try {
      const blobs = await this.#files.blobs();
      if ('bytes' in what) await this.#append(blobs, what);
      else if (what.t === 'upload') await this.#announce(blobs, what);
      else await this.#forget(blobs, id);
    } catch (error) {
      this.#told.delete(id);
      this.#refuse(id, error);
    }
  }

  async #announce(
    blobs: BlobStore,
    { id, name, type, size, sha256, width, height }: ClientFrameOf<'upload'>,
  ): Promise<void> {
    this.#refused.delete(id);
    const facts: FileFacts = { sha256, name, type, size };
    if (width !== undefined) facts.width = width;
    if (height !== undefined) facts.height = height;
    const { have, isWhole } = await blobs.announce(this.#keyOf(id), facts);
    this.#asking.client.send({ t: 'uploading', id, have });
    if (isWhole) return this.#asking.client.send({ t: 'uploaded', id });
    this.#told.set(id, have);
    if (have === size) await this.#finish(blobs, id);
  }

  async #append(blobs: BlobStore, { id, at, bytes }: Piece): Promise<void> {
    await this.#pay(costOfPiece(bytes.length));
    if (this.#hasEnded) return;
    const { have, isAll } = await blobs.append(this.#keyOf(id), at, bytes);
    this.#refused.delete(id);
    const isMoreWaiting = this.#waiting.some(({ what }) => what.id === id && 'bytes' in what);
    if (isAll || !isMoreWaiting || have - (this.#told.get(id) ?? 0) >= toldEveryBytes) {
      this.#told.set(id, have);
      this.#asking.client.send({ t: 'uploading', id, have });
    }
    if (isAll) await this.#finish(blobs, id);
  }

  async #forget(blobs: BlobStore, id: string): Promise<void> {
    this.#told.delete(id);
    await blobs.forget(this.#keyOf(id));
  }

  async #finish(blobs: BlobStore, id: string): Promise<void> {
    await blobs.finish(this.#keyOf(id));
    this.#told.delete(id);
    this.#asking.client.send({ t: 'uploaded', id });
  }

  /** Waits until the user may send so much more. */
  async #pay(cost: number): Promise<void> {
    const { host, line } = this.#asking;
    if (line.isTrusted) return;
    const debtMs = host.pieceBuckets.take(this.#user.id, cost);
    if (debtMs === 0) return;
    await new Promise<void>((resolve) => {
      const cancel = host.time.after(debtMs, resolve);
      this.#endWait = () => {
        cancel();
        resolve();
      };
    });
  }

  #refuse(id: string, error: unknown): void {
    const { host, client } = this.#asking;
    if (this.#refused.has(id)) return;
    if (this.#refused.size >= mostRefused) this.#refused.clear();
    this.#refused.add(id);
    if (error instanceof BlobRefusedError) {
      const { code, message } = error;
      const isForLater = errorCodes[code].retry && code !== 'bad_piece';
      client.refuse(code, message, { id, ...(isForLater && later(host.random)) });
      return;
    }
    host.failed(error);
    client.refuse('unavailable', 'the file was not kept yet', { id, ...later(host.random) });
  }

  #keyOf(id: string) {
    return { userId: this.#user.id, id };
  }
}

/** Where files are away, so is the message that needs them: that is told as of the log. */
async function asLog<Result>(ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof BlobRefusedError) throw new LogUnavailableError(error.message);
    throw error;
  }
}
