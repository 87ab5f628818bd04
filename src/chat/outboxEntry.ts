/**
 * A message of one's own on its way to the log, what is kept of it, and what the outbox needs from
 * outside: a storage that all pages of a user share, and word between those pages.
 */
import type { Cancel } from '../connection/ports';
import type { AboutSent } from '../protocol/about';
import type { DeliveryState, SendFailure, UploadState } from './types';

/** The file that a message brings: what it is, and the uploads of this user's that have its bytes. */
export interface OutboxFile {
  readonly upload: string;
  readonly preview?: string | undefined;
  readonly name: string;
  readonly type: string;
  /** In bytes. */
  readonly size: number;
  /** Of a picture, in pixels as it is shown. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

export interface OutboxEntry {
  /** Made here; in the order of writing when sorted as text (UUIDv7, ULID). */
  readonly id: string;
  readonly room: string;
  /** What opens the room, if it is a private one: it may leave from a page of another room. */
  readonly roomKey?: string | undefined;
  /** What it is to an earlier message. Without, or as a reply, it is a message; else a change of one. */
  readonly about?: AboutSent | undefined;
  readonly body: string;
  readonly file?: OutboxFile | undefined;
  /** Its file is on the way; it is not in the outbox yet, or not sent. */
  readonly upload?: UploadState | undefined;
  /** Ms since 1970 by this machine's clock, when it was written, or last retried. */
  readonly at: number;
  readonly state: DeliveryState;
  /** It has been handed to a line: the server may have it. It may go again only under the same id. */
  readonly hasLeft: boolean;
  /** It was given another text after it had left: the log may have the earlier one under its id. */
  readonly isRewritten?: boolean | undefined;
  readonly failure: SendFailure | undefined;
  /** The place in the room, once acked. */
  readonly seq: number | undefined;
  /** The page that sends it; another one only shows it. */
  readonly page: string;
}

/** A message as it was written. */
export type Draft = Pick<OutboxEntry, 'id' | 'room' | 'roomKey' | 'about' | 'body' | 'file' | 'at'>;

/** What is kept over a reload. A message never rests as `sending`: it is asked for again. */
export type StoredEntry = Draft & Pick<OutboxEntry, 'isRewritten' | 'failure' | 'page'>;

/** The messages of one user, whichever page wrote them. */
export interface OutboxStorage {
  load(): Promise<StoredEntry[]>;
  put(entry: StoredEntry): Promise<void>;
  remove(id: string): Promise<void>;
  /** Hands the messages of one page to another, all or none. */
  takeOver(from: string, to: string): Promise<void>;
  clear(): Promise<void>;
}

/** What the pages of one user tell each other. */
export type ShareMessage =
  /** Something was stored, or handed from one page to another. */
  | { kind: 'stored' }
  | { kind: 'removed'; id: string }
  | { kind: 'acked'; id: string; seq?: number | undefined }
  | UploadWord
  /** The user has left for good: nothing of theirs is kept. */
  | { kind: 'signed out' };

/** What they tell each other of files. */
export type UploadWord =
  /** Something of the uploads in storage has changed. */
  | { kind: 'uploads' }
  /** This page sends one, of which so many bytes are at the server. */
  | { kind: 'uploading'; id: string; have: number };

/**
 * The open pages of one user in one browser. Each has a claim on the messages that it is to send, and
 * holds it while it can: so no message is sent by two.
 */
export interface OutboxShare {
  /** The name of this page. No other has it. */
  readonly page: string;
  tell(message: ShareMessage): void;
  /** Hears what the other pages tell. */
  listen(onMessage: (message: ShareMessage) => void): Cancel;
  /**
   * Waits until no other page holds the claim of `page`, or the one on `uploads` or on `sign-in`, holds it from then on,
   * and says so. Cancelled, it waits or holds no longer. `onTaken` is called if it is taken away, as from a page that
   * froze.
   */
  claim(page: string, onHeld: () => void, onTaken?: () => void): Cancel;
  /** Holds the claim of `page` if nobody else does, until the function it resolves with is called. */
  claimIfFree(page: string): Promise<Cancel | undefined>;
}

/** A page that is alone, or cannot know of others: it may send whatever is stored. */
export function createSoloShare(page: string): OutboxShare {
  return {
    page,
    tell: () => {},
    listen: () => () => {},
    claim(_, onHeld) {
      onHeld();
      return () => {};
    },
    claimIfFree: async () => () => {},
  };
}
