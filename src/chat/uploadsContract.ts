/**
 * What the uploads are given and what they offer. The work is done in `uploads.ts`, which a page loads when a file
 * is first attached, asked for, or left over from an earlier visit.
 */
import type { Connection } from '../connection/contract';
import type { Time } from '../connection/ports';
import type { FilePart } from '../protocol/file';
import type { ClientFrame, ServerFrameOf } from '../protocol/frames';
import type { Outbox } from './outbox';
import type { Draft, OutboxEntry, OutboxShare, UploadWord } from './outboxEntry';
import type { UntakenFile, UploadState } from './types';
import type { PrepareFile, UploadStorage } from './uploadRecord';

/** What a session gives them. */
export interface UploadsOptions {
  connection: Connection;
  time: Time;
  share: Pick<OutboxShare, 'page' | 'tell' | 'claim'>;
  outbox: Pick<Outbox, 'entries' | 'read' | 'takeFile' | 'remove'>;
  /** Makes ids that sort as text in the order of their making. */
  newId(): string;
  /** The server has let the user in, on this line. */
  isReady(): boolean;
  /** The largest file that the server takes, in bytes; undefined where it takes none, or has not said. */
  largestBytes(): number | undefined;
  /** The open room. */
  current(): { readonly room: string; readonly roomKey: string | undefined };
  /** Sends to the server; false before it is ready. */
  send(frame: ClientFrame): boolean;
  /** Joins a room unless this line is in it; false if there is no line. */
  enter(room: string, roomKey: string | undefined): boolean;
  /** Something changed that can be seen. */
  onChange(): void;
  /** A file will not survive a reload. */
  onStorageFailed(): void;
}

/** What they take from the browser. */
export interface UploadsOutside {
  /** Where the server's WebSocket is, if links are to hold wherever the page is from. */
  serverUrl?: string;
  storage: UploadStorage;
  prepare: PrepareFile;
  /** Addresses under which the page can show bytes that it has. */
  pictures: { show(bytes: Blob): string; hide(url: string): void };
  /** Nothing more will be asked of it. */
  stop(): void;
}

export interface Uploads {
  /** What is on its way, oldest first, as the outbox would have it. */
  entries(): readonly OutboxEntry[];
  /** Of a message in the outbox whose file is at the server: how it is shown until it is sent. */
  arrivedState(id: string): UploadState | undefined;
  /** Takes what was kept. To be called once the outbox has been read. */
  load(): Promise<void>;
  attach(
    files: readonly File[],
    body: string,
    about: Draft['about'],
  ): Promise<readonly UntakenFile[]>;
  pause(id: string): void;
  goOn(id: string): void;
  /** Gives an upload up. False if it is none. */
  remove(id: string): boolean;
  /** Lets one that failed go again. False if there is none. */
  retry(id: string): boolean;
  /** Gives its message another text. False if it is no upload. */
  rewrite(id: string, body: string): boolean;
  linkOf(room: string, seq: number, part: FilePart, dead?: string): Promise<string>;
  /** The server has let the user in. */
  ready(): void;
  /** More may leave than before. */
  flush(): void;
  lineLost(): void;
  uploading(frame: ServerFrameOf<'uploading'>): void;
  uploaded(frame: ServerFrameOf<'uploaded'>): void;
  link(frame: ServerFrameOf<'link'>): void;
  /** The server did not take what came under this id. False if that is no upload's. */
  refused(id: string, frame: ServerFrameOf<'err'>): boolean;
  /** The server refused something without an id, of a room if that is named. */
  roomRefused(frame: ServerFrameOf<'err'>): void;
  /**
   * The server has no file any more for the message `id` of the outbox: it is sent once more, and the message with
   * it. False where that cannot be.
   */
  lost(id: string): boolean;
  /** The message was sent, or given up: its file is not needed any more. */
  settled(id: string): void;
  /** What another page has said. */
  heard(word: UploadWord): void;
  /** The user signs out: nothing is kept. */
  clear(): Promise<void>;
  /** The user is another one now, of whom the server has no bytes. */
  becameAnother(): void;
  stop(): void;
}
