/**
 * What the chat hands to whoever draws it: messages with what became of them, and the line they
 * travel on. No frame and no socket appears here.
 */
import type { ConnectionState } from '../connection/machine';
import type { FilePart } from '../protocol/file';
import type { User } from '../protocol/user';

export type { ConnectionState, ConnectionStatus, LossCause } from '../connection/machine';
export { initialState as initialConnection } from '../connection/machine';
export { closeCodes } from '../protocol/closeCodes';
export type { FilePart } from '../protocol/file';
export { type CompanionCommand, companionCommands, isProgram } from '../protocol/program';
export type { User } from '../protocol/user';

/**
 * What a message has gone through. `queued`: kept here until the line is open. `sending`: handed to
 * the line, no ack yet. `sent`: acked, so durable (in plain mode: handed over, as there are no
 * acks). `failed`: refused, or too old to leave unasked; a person decides. What is queued and has left
 * before goes again under the same id only.
 */
export type DeliveryState = 'queued' | 'sending' | 'sent' | 'failed';

/** Why a message was refused: the server's code, and its words for developers. */
export interface SendFailure {
  code: string;
  message: string;
}

/** A message that another one answers. Who and what is unknown until it was loaded. */
export interface Quoted {
  readonly seq: number;
  readonly author?: User | undefined;
  readonly body?: string | undefined;
  readonly deleted?: number | undefined;
  readonly file?: ShownFile | undefined;
}

/** One emoji under a message, and who put it there, the first first. */
export interface Reaction {
  readonly emoji: string;
  readonly users: readonly User[];
  readonly mine: boolean;
}

/** A change of a message of one's own that the room does not have yet. */
export interface PendingChange {
  /** The change's own id: for `retry` and `remove`. */
  readonly id: string;
  readonly kind: 'edit' | 'delete';
  readonly state: Exclude<DeliveryState, 'sent'>;
  readonly failure: SendFailure | undefined;
}

export interface ChatMessage {
  /** Made by the author's client; stays the same from queued to sent. */
  readonly id: string;
  /** The place in the room, once the server has given it one. */
  readonly seq: number | undefined;
  readonly author: User;
  /** Written by the user of this page. */
  readonly mine: boolean;
  readonly body: string;
  /** Ms since 1970: by the server's clock once sent, by this machine's before. */
  readonly at: number;
  readonly state: DeliveryState;
  /** It was handed to a line before, so the server may have it already. */
  readonly hasLeft: boolean;
  readonly failure: SendFailure | undefined;
  /** When its author last changed it, and when they deleted it, in ms since 1970. */
  readonly edited?: number | undefined;
  readonly deleted?: number | undefined;
  readonly replyTo?: Quoted | undefined;
  readonly reactions?: readonly Reaction[] | undefined;
  readonly change?: PendingChange | undefined;
  /** It brings a file. */
  readonly file?: ShownFile | undefined;
  /** Whoever wrote it before everybody's eyes broke off. */
  readonly isCut?: boolean | undefined;
  /**
   * It is being written, before everybody's eyes, and not in the room yet: it has no `seq`. `broken`: nothing more
   * of it will come, and it was not kept.
   */
  readonly live?: 'writing' | 'broken' | undefined;
  /** Its file is on the way to the server; only then does the message leave. */
  readonly upload?: UploadState | undefined;
}

/** A file as it is shown. */
export interface ShownFile {
  readonly name: string;
  readonly type: string;
  /** In bytes. */
  readonly size: number;
  /** Of a picture, in pixels as it is shown. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  /** There is a small picture of it to be had. */
  readonly hasPreview: boolean;
}

/** How far a file of one's own has come. */
export interface UploadState {
  /**
   * `preparing`: it is read here, and a picture made smaller. `waiting`: for the line, or for the files before it.
   * `paused`: by the user. `failed`: the message's `failure` says why.
   */
  readonly status: 'preparing' | 'waiting' | 'sending' | 'paused' | 'failed';
  /** So many bytes of all are at the server. */
  readonly have: number;
  readonly size: number;
  /** The picture as this browser has it: an object URL. */
  readonly picture?: string | undefined;
}

export type UntakenReason = 'too large' | 'empty' | 'unreadable' | 'too many' | 'no files here';

/** A file that was not taken, and why. */
export interface UntakenFile {
  readonly name: string;
  readonly why: UntakenReason;
}

/** A room that this user knows, for the list of rooms. */
export interface KnownRoom {
  readonly room: string;
  readonly isPrivate: boolean;
  /** What opens it, if it is a private one. */
  readonly roomKey: string | undefined;
  /** Messages of others that this user has not read, on any device. */
  readonly unread: number;
  readonly last: { readonly author: User; readonly body: string; readonly at: number } | undefined;
}

/** How far somebody has read the room. */
export interface ReadMark {
  readonly user: User;
  readonly seq: number;
}

/** What was searched for in the open room, and what was found. */
export interface SearchState {
  readonly text: string;
  /** `failed`: the line was lost on the way, or the server cannot search just now. */
  readonly status: 'searching' | 'done' | 'failed';
  /** `room`: the whole room was searched, by the server. `loaded`: only what this page holds of it. */
  readonly scope: 'room' | 'loaded';
  /** The newest first. */
  readonly found: readonly ChatMessage[];
  readonly hasMore: boolean;
}

/** What the session knows of a room, for who looks under the bonnet. */
export interface InspectedRoom {
  readonly room: string;
  readonly epoch: string | undefined;
  /** The last message that joins on without a hole; 0 in an empty room. */
  readonly seq: number;
  /** Messages held back, as something before them is missing. */
  readonly held: number;
}

export interface InspectedEntry {
  readonly id: string;
  readonly room: string;
  readonly body: string;
  readonly state: DeliveryState;
  readonly hasLeft: boolean;
}

/** What the session holds at this moment, and what it has put right since the page was opened. */
export interface Inspection {
  readonly rooms: readonly InspectedRoom[];
  /** What has no ack, in every room, in the order of leaving. */
  readonly outbox: readonly InspectedEntry[];
  /** Holes between messages that were noticed, and how many of them are closed again. */
  readonly gapsFound: number;
  readonly gapsFilled: number;
  /** Messages that had come before, and were dropped. */
  readonly duplicatesDropped: number;
}

/** What waits in the outbox, in every room: rows and changes alike. */
export interface OutboxCounts {
  readonly waiting: number;
  readonly failed: number;
}

/** One beat of the line, for the trace: a ping or a message answered after `rttMs`, or something that failed. */
export interface Beat {
  /** Ms, by this machine's clock. */
  readonly at: number;
  /** `beat`: an answer came. `lost`: the line was lost. */
  readonly kind: 'beat' | 'lost';
  readonly rttMs: number | undefined;
}

/** Whether this browser is told of the room while the user is away. */
export interface PushState {
  /**
   * `impossible`: the browser or the server cannot. `asking`: the user, the browser or the server is yet
   * to answer. `blocked`: the browser has been told to show no notifications of this page.
   */
  readonly status: 'impossible' | 'off' | 'asking' | 'on' | 'blocked';
  /** Why it is off, if not because nobody wants it. */
  readonly problem?: 'no service' | 'refused';
}

/** How the session tells what it knows. Every call replaces what was told before. */
export interface ChatListener {
  connection(state: ConnectionState): void;
  me(user: User): void;
  /** Sent ones by sequence, then those that are being written, then one's own unsent ones, oldest first. */
  messages(messages: readonly ChatMessage[]): void;
  /**
   * The messages are from an earlier visit, in ms since 1970, and the server has not spoken yet; undefined
   * once it has.
   */
  asOf(at: number | undefined): void;
  /** The largest file that may be sent to this server, in bytes; undefined where none may. */
  files(largestBytes: number | undefined): void;
  /** The room's first page is here: what it holds is known. */
  loaded(): void;
  /** The server cannot read the room just now, and tries again by itself. */
  unreadable(isUnreadable: boolean): void;
  /** There are older messages on the server than those shown. */
  hasOlder(hasOlder: boolean): void;
  /** Who is in the room; in a crowd the first of them, and how many there are. */
  members(members: readonly User[], count: number): void;
  /** Who else is writing at this moment. */
  writing(users: readonly User[]): void;
  /** The room that is open; what was told of another one is void. */
  room(room: string, isPrivate: boolean): void;
  /** The rooms that this user knows, the one with the newest message first. */
  rooms(rooms: readonly KnownRoom[]): void;
  /** How far the others in the room have read. */
  reads(marks: readonly ReadMark[]): void;
  /**
   * Up to where this user had read the room when it was opened; undefined until that is known, and
   * Infinity where they had never been there.
   */
  readBefore(seq: number | undefined): void;
  search(state: SearchState | undefined): void;
  outbox(counts: OutboxCounts): void;
  beat(beat: Beat): void;
  push(state: PushState): void;
  /** Something that the user should know, once. */
  notice(notice: ChatNotice): void;
  /** The user has signed out, here or on another page of theirs. */
  signedOut(): void;
}

export type ChatNotice =
  /** Unsent messages cannot be kept over a reload: the browser gives no storage. */
  | { kind: 'no storage' }
  /** The room's log was replaced or lost its tail; what is shown was loaded anew. */
  | { kind: 'log changed' }
  /** The server does not let this page into its room: the room is private, and the key is not its own. */
  | { kind: 'forbidden' };

/** A room as a file: whole and in order, unsent messages last. */
export interface RoomExport {
  room: string;
  messages: {
    id: string;
    seq: number | null;
    author: string;
    /** Beside a name that somebody else came with first. */
    tag?: string;
    body: string;
    at: number;
    state: DeliveryState;
    edited?: number;
    deleted?: number;
    /** What its file is; its bytes are not here. */
    file?: { name: string; type: string; size: number; width?: number; height?: number };
    /** The `seq` of the message that it answers. */
    replyTo?: number;
    /** Names by emoji. */
    reactions?: Record<string, string[]>;
  }[];
}

/** What the page may ask of a session. */
export interface ChatActions {
  /**
   * Queues a message. `body` is sent as it is; an empty one is ignored. False when too many wait
   * already: nothing was taken, and who wrote it keeps it. `replyTo` is the `seq` of a loaded message.
   */
  send(body: string, replyTo?: number): boolean;
  /**
   * Sends files: each as a message of its own, the first with `body`, if any, which may then be empty. Resolves with
   * those that were not taken; all others are kept, and go on after a lost line or a reload.
   */
  attach(files: readonly File[], body: string, replyTo?: number): Promise<readonly UntakenFile[]>;
  /** Holds the file of a message of one's own back, and lets it go on. `remove` gives it up. */
  pauseUpload(id: string): void;
  continueUpload(id: string): void;
  /**
   * Where the file of the message at `seq` is to be had, for a while. Rejects when the line is lost, or there is none.
   * `dead`: what it said before, by which nothing could be loaded.
   */
  linkOf(seq: number, part: FilePart, dead?: string): Promise<string>;
  /**
   * Gives a message of one's own another text: one that has not left yet in its place, one that was sent
   * by a change that is queued like a message. False where it cannot be: it is on its way, or too many wait.
   */
  edit(id: string, body: string): boolean;
  /** Deletes a message of one's own for everyone: queued like a message. False as with `edit`. */
  erase(id: string): boolean;
  /** Puts an emoji to the message at `seq`, or takes it back: queued like a message. */
  react(seq: number, emoji: string, on: boolean): boolean;
  /** The user has seen the open room's messages up to this one. */
  markRead(seq: number): void;
  /** Goes to another room, on the same line; what was not sent in the old one still is. */
  openRoom(room: string, roomKey: string | undefined): void;
  /** Takes a room off the list of rooms, and out of push. The open one cannot be. */
  forgetRoom(room: string): void;
  /** Searches the open room; '' ends it. */
  search(text: string): void;
  searchMore(): void;
  /** Wants to show a quoted message that is not loaded. */
  loadQuote(seq: number): void;
  /** Loads older messages until the one at `seq` is among them. Rejects when the line is lost on the way. */
  loadBackTo(seq: number): Promise<void>;
  /** Every failed message goes again, or is forgotten, in every room. */
  retryAll(): void;
  removeAll(): void;
  /** The user is writing: the others may be told. */
  typing(): void;
  /** Sends a failed message again, under the same id. */
  retry(id: string): void;
  /** Forgets a message that was not sent. */
  remove(id: string): void;
  /** How many of the user's messages wait or failed, in every room. */
  unsentCount(): number;
  /**
   * Leaves for good: forgets who one is and everything that was not sent, on every page of this user, and
   * has the server end their token, now or when it can be reached. Whoever calls it has asked.
   */
  signOut(): Promise<void>;
  /** Be told of this room while away, or no longer. Called in the user's click, as a permission may be asked. */
  setPush(on: boolean): void;
  /** What the session holds at this moment. */
  inspect(): Inspection;
  disconnect(): void;
  /** Connects, or while waiting: now. */
  reconnect(): void;
  /** Asks for the messages before the oldest shown. Ignored while one such request is under way. */
  loadOlder(): void;
  /** The whole room, older messages included. Rejects when the line is lost on the way. */
  exportRoom(): Promise<RoomExport>;
}
