/**
 * A file on its way to the server: what is kept of it, and what the uploads need from outside: a storage that all
 * pages of a user share, and what looks at a file before it leaves.
 */
import type { FilePart } from '../protocol/file';
import type { Draft } from './outboxEntry';
import type { SendFailure } from './types';

/** One of the bytes of a file, as they are sent. */
export interface PartFacts {
  readonly sha256: string;
  readonly type: string;
  /** In bytes. */
  readonly size: number;
  /** Of a picture, in pixels as it is shown. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

/** What is known of a file once it was looked at. */
export interface PreparedFacts {
  readonly whole: PartFacts;
  /** Of a picture that is large. */
  readonly preview?: PartFacts | undefined;
}

/** The bytes of a file by what they are: all of it, and the small picture. */
export type FileBytes = { readonly [Part in FilePart]?: Blob | undefined };

/** Facts and bytes. */
export interface PreparedFile {
  readonly facts: PreparedFacts;
  readonly bytes: { readonly whole: Blob; readonly preview?: Blob | undefined };
}

/** Looks at a file, one at a time or not. Rejects where its bytes cannot be read. */
export type PrepareFile = (file: Blob, type: string) => Promise<PreparedFile>;

/** What is kept of an upload beside its bytes; its id is that of the message that it will be. */
export interface UploadRecord extends Omit<Draft, 'file'> {
  readonly name: string;
  /** As the browser has it, until the file was looked at. */
  readonly type: string;
  /** In bytes. */
  readonly size: number;
  /** So many bytes were at the server when it was last paused. */
  readonly have?: number | undefined;
  readonly prepared?: PreparedFacts | undefined;
  readonly isPaused?: boolean | undefined;
  /** All of it is at the server, and its message is in the outbox. The bytes are kept until that was sent. */
  readonly isHandedOver?: boolean | undefined;
  readonly failure?: SendFailure | undefined;
}

/** What may change of it. */
export type UploadChange = Partial<
  Pick<UploadRecord, 'body' | 'have' | 'prepared' | 'isPaused' | 'isHandedOver' | 'failure' | 'at'>
>;

/** The uploads of one user, whichever page began them. */
export interface UploadStorage {
  /** The oldest first. */
  load(): Promise<UploadRecord[]>;
  /** A record with its bytes: both, or nothing. */
  add(record: UploadRecord, file: Blob): Promise<void>;
  /** Changes a record, if it is there, and bytes of it: both, or nothing. */
  change(id: string, next: UploadChange, bytes?: FileBytes): Promise<void>;
  /** Undefined where nothing is kept. */
  bytes(id: string, part: FilePart): Promise<Blob | undefined>;
  remove(id: string): Promise<void>;
  clear(): Promise<void>;
}

/** Under which id a part of the file travels. */
export const partId = (id: string, part: FilePart): string =>
  part === 'whole' ? id : `${id}${previewEnding}`;

/** Whose part it is. */
export const ownerOfPart = (part: string): string =>
  part.endsWith(previewEnding) ? part.slice(0, -previewEnding.length) : part;

const previewEnding = '-preview';
