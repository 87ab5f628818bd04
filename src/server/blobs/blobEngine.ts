/**
 * What a storage has to do so that files can be kept in it. It keeps books and bytes, each call whole or
 * not at all, whatever crashes; what may be kept is for `blobStore.ts` to say.
 */
import type { BlobReader, DoubtedHolder, FileFacts, Holder, UploadKey } from './blobs';

export interface UploadRecord extends UploadKey {
  /** As announced; once it is whole, as it is. */
  readonly facts: FileFacts;
  readonly isWhole: boolean;
  /** When it was last gone on with, in ms since 1970. */
  readonly touchedAt: number;
}

/** An upload that is not whole. */
export interface Unfinished extends UploadKey {
  /** When it was last gone on with, in ms since 1970. */
  readonly touchedAt: number;
  /** So many bytes of it are there. */
  readonly have: number;
}

/** What a user has, or all have together. */
export interface EngineUsage {
  /** Bytes of what is whole. */
  readonly kept: number;
  /** Bytes that uploads on their way were announced with. */
  readonly announced: number;
  readonly onTheirWay: number;
  /** Uploads that are whole and wait for their message. */
  readonly unsent: number;
}

export interface BlobEngine {
  /** Undefined as well once it was spent and its bytes are gone. */
  find(key: UploadKey): Promise<UploadRecord | undefined>;
  /** Begins an upload without bytes. Rejects with `no_room_for_files` where the disk is full. */
  begin(record: UploadRecord): Promise<void>;
  touch(key: UploadKey, at: number): Promise<void>;
  /** How many bytes of an unfinished upload there are. */
  have(key: UploadKey): Promise<number>;
  /**
   * Puts bytes right behind those that are there. Rejects with `no_room_for_files` where the disk is full, and where
   * another server has gone on with it: with `bad_piece` if it has more by now, with `no_upload` if it is whole or gone.
   */
  write(key: UploadKey, at: number, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** The bytes of an unfinished upload. */
  readUpload(key: UploadKey): Promise<BlobReader>;
  /** The upload is whole: its bytes are kept by `facts.sha256` from now on, durably, once. */
  settle(key: UploadKey, facts: FileFacts): Promise<void>;
  /** Forgets the upload, and its bytes unless something else needs them. */
  drop(key: UploadKey): Promise<void>;
  /** False, and nothing is held, if not all are there. Holding again changes nothing but the doubt. */
  hold(sha256s: readonly string[], holder: Holder, doubtedAt: number): Promise<boolean>;
  /** No longer in doubt; the uploads of its user with its bytes are spent: they need them no more. */
  keep(mid: string, seq: number): Promise<void>;
  doubt(mid: string, doubtedAt: number): Promise<void>;
  /** Gives back what no other message and no unspent upload needs. */
  release(mid: string): Promise<void>;
  doubted(beforeMs: number): Promise<readonly DoubtedHolder[]>;
  open(sha256: string): Promise<BlobReader | undefined>;
  /** Of one user, or of all: the same bytes count once. */
  usage(userId?: string): Promise<EngineUsage>;
  /** How many uploads are on their way: asked with each that is announced, so it reads none of them. */
  countUnfinished(): Promise<number>;
  /** All uploads that are on their way. */
  unfinished(): Promise<readonly Unfinished[]>;
  /** Uploads, spent ones too, that were last touched before. */
  untouchedSince(beforeMs: number): Promise<readonly UploadKey[]>;
  /** Gives back bytes that nothing is known of. */
  sweepOrphans(): Promise<void>;
  close(): Promise<void>;
}
