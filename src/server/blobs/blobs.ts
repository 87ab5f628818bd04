/**
 * Where the bytes of files are kept: a port with several engines behind it; `blobContract.ts` says, as tests,
 * what each of them promises. A file comes as an upload, piece by piece, and what is there goes on from there
 * after any crash. Once it is whole and is what was announced, its bytes are kept by their SHA-256, once
 * for all who send the same; messages hold them, and what nobody holds any more is given back.
 */
import type { ErrorCode } from '../../protocol/errorCodes';
import type { MessageFile } from '../../protocol/file';

/** Names an upload for ever: its id was made by the user's client. */
export interface UploadKey {
  readonly userId: string;
  readonly id: string;
}

/** What is known of a file before its bytes are. */
export type FileFacts = Omit<MessageFile, 'preview'>;

export type BlobRefusalCode = Extract<
  ErrorCode,
  | 'file_refused'
  | 'file_too_large'
  | 'no_upload'
  | 'bad_piece'
  | 'too_many_uploads'
  | 'no_room_for_files'
  | 'unavailable'
>;

/** Why something is not done; `retry` of the code says whether it may be later. */
export class BlobRefusedError extends Error {
  override name = 'BlobRefusedError';
  constructor(
    readonly code: BlobRefusalCode,
    message: string,
  ) {
    super(message);
  }
}

/** How far an upload has come. */
export interface UploadProgress {
  /** So many bytes from the beginning are kept. */
  readonly have: number;
  /** It was found to be what was announced. */
  readonly isWhole: boolean;
}

/** What is there with a piece. */
export interface Appendix {
  readonly have: number;
  /** So many were announced: `finish` comes next. */
  readonly isAll: boolean;
}

/** Kept bytes that are being read. */
export interface BlobReader {
  readonly size: number;
  /** The bytes from `from` on to before `to`: fewer only where they end. */
  read(from: number, to: number): Promise<Uint8Array<ArrayBuffer>>;
  /** Lets go of them. */
  close(): Promise<void>;
}

/** The message that holds bytes, and where it is to be found. */
export interface Holder {
  readonly mid: string;
  readonly room: string;
  /** Whose the message is. */
  readonly userId: string;
  /** When it was written, in ms since 1970. */
  readonly at: number;
}

/** A message of which is not known whether it is in the log: a crash came between. */
export interface DoubtedHolder extends Holder {
  /** Where it was, if it was there once. */
  readonly seq: number | undefined;
}

export interface BlobUsage {
  /** Bytes that are there: kept, and come so far of what is on its way. */
  readonly bytes: number;
  /** Uploads that are not whole. */
  readonly onTheirWay: number;
}

/**
 * Every call rejects with a `BlobRefusedError` for what may not be, `unavailable` among them where the storage
 * is away; with another error for what should not happen.
 */
export interface BlobStore {
  /** Begins an upload, or goes on with the same one. Another one under its id is refused. */
  announce(key: UploadKey, facts: FileFacts): Promise<UploadProgress>;
  /** Keeps a piece that begins at or before what is there. What is there already stays. */
  append(key: UploadKey, at: number, bytes: Uint8Array<ArrayBuffer>): Promise<Appendix>;
  /**
   * Looks whether all is there and is what was announced. Then it is durable, and `found` tells what it truly
   * is; else it is refused and forgotten.
   */
  finish(key: UploadKey): Promise<void>;
  /** Gives back what there is of it, unless a message holds it. */
  forget(key: UploadKey): Promise<void>;
  /** A whole upload; undefined if there is none. */
  found(key: UploadKey): Promise<FileFacts | undefined>;
  /**
   * Has the message hold these bytes, durably: it is about to be appended. In doubt until `keep` or `release`.
   * Says whether all of them are there.
   */
  hold(sha256s: readonly string[], holder: Holder): Promise<boolean>;
  /** The message is in the log, at `seq`. Its uploads are spent: the message alone holds their bytes. */
  keep(mid: string, seq: number): Promise<void>;
  /** The message is about to be deleted: in doubt until `keep` or `release`. */
  doubt(mid: string): Promise<void>;
  /** The message is not, or no longer, in the log: gives back what nothing else holds. */
  release(mid: string): Promise<void>;
  /** Messages that have been in doubt for a minute or more. */
  doubted(): Promise<readonly DoubtedHolder[]>;
  /** Undefined if they are not there. To be closed. */
  open(sha256: string): Promise<BlobReader | undefined>;
  /** Gives back what there is of the user's uploads that are not whole. */
  forgetUnfinishedOf(userId: string): Promise<void>;
  /** Forgets uploads that were announced ten minutes ago, and of which not a byte has come. */
  forgetUnbegun(): Promise<void>;
  /** Forgets uploads that nobody goes on with, begins or sends, and bytes that nobody knows. */
  sweep(): Promise<void>;
  usage(): Promise<BlobUsage>;
  /** Finishes what is under way, then lets go of everything. */
  close(): Promise<void>;
}
