/** What the connections of one server have in common, and what the parts of a connection do by it. */
import type { HeartbeatTiming } from '../../../connection/heartbeat';
import type { Random } from '../../../connection/ports';
import type { CloseCode } from '../../../protocol/closeCodes';
import type { ErrorCode } from '../../../protocol/errorCodes';
import type { ServerFrame } from '../../../protocol/frames';
import type { MessageLog } from '../../log/log';
import type { SearchIndex } from '../../log/searchIndex';
import type { Files } from '../files/files';
import type { Gateway } from '../gateways/gateway';
import type { Allowances, KeyedBuckets } from '../limits/allowances';
import type { SharedAllowances } from '../limits/sharedAllowances';
import type { ChatObserver } from '../observer';
import type { Admission } from '../people/admission';
import type { Users } from '../people/users';
import type { Push } from '../push/push';
import type { Pages } from '../room/pages';
import type { Posting } from '../room/posting';
import type { ReadMarkKeeper } from '../room/readMarks';
import type { Rooms } from '../room/rooms';
import type { SharedRooms } from '../room/sharedRooms';
import type { Watches } from '../room/watches';
import type { LiveStreams } from '../streams/liveStreams';
import type { ClientLine, LineHost } from './clientLine';
import type { LogRequests } from './logRequests';

/** What all connections of a server share. */
export interface ConnectionHost extends LineHost {
  readonly log: MessageLog;
  /** Takes files, where they may be sent. */
  readonly files: Files | undefined;
  /** Without it the log is looked through. */
  readonly search: SearchIndex | undefined;
  readonly pages: Pages;
  /** What becomes of a message that may be sent. */
  readonly posting: Posting;
  readonly rooms: Rooms;
  readonly watches: Watches;
  /** What is being written before all eyes. */
  readonly streams: LiveStreams;
  readonly readMarks: ReadMarkKeeper;
  readonly shared: SharedRooms;
  readonly users: Users;
  /** Shares the chat with other gateways, if there are any. */
  readonly gateway: Gateway | undefined;
  readonly admission: Admission;
  /** Tells who is away, if anyone does. */
  readonly push: Push | undefined;
  readonly random: Random;
  readonly observer: ChatObserver;
  readonly heartbeat: HeartbeatTiming;
  readonly allowances: Allowances;
  /** What users and addresses may spend, by their ids. */
  readonly userBuckets: KeyedBuckets;
  readonly addressBuckets: KeyedBuckets;
  /** What users may send of files. */
  readonly pieceBuckets: KeyedBuckets;
  /** Counts a user's connections at all gateways, if there are several. */
  readonly sharedAllowances: SharedAllowances | undefined;
  /** What a client may take to send `auth`, in ms. */
  readonly authTimeoutMs: number;
  /** A clock for what is short, in ms. */
  stopwatch(): number;
  /** Ends all that the user has here, who has signed out. */
  signedOut(userId: string): void;
  /** Something failed that should not; this client is sent away, the others go on. */
  failed(error: unknown): void;
  /** The line has ended. */
  ended(connection: OpenConnection): void;
}

/** A client, as far as it can be spoken to. */
export interface Client {
  send(frame: ServerFrame): void;
  /** Answers a frame with `err`; the connection stays open. */
  refuse(code: ErrorCode, message: string, fields?: RefusalFields): void;
  /** The same for something binary that cannot be read: after too many of it the connection is closed. */
  refuseBinary(message: string): void;
  /** Closes, and ends the line if that hangs. */
  close(code: CloseCode): void;
  /** Does not read it for so long, in ms. */
  throttle(forMs: number): void;
}

/** The same as the server has it, which asks it to end. */
export interface OpenConnection extends Client {
  /** What was sent and has not left, in bytes. */
  unreadBytes(): number;
  /** Reads nothing more; resolves when every message that came so far has been answered. */
  settled(): Promise<void>;
}

/** A client, and where its questions go. */
export interface Asking {
  readonly host: ConnectionHost;
  readonly client: Client;
  readonly line: ClientLine;
  readonly requests: LogRequests;
}

export interface RefusalFields {
  id?: string;
  room?: string;
  after?: number;
  /** What was asked for, and cannot come just now. */
  instead?: 'sync' | 'history' | 'found' | 'link';
}

/** Asked to wait at least this long, in ms, when nothing can be stored; up to three times as long. */
const unavailableAfterMs = 1_000;

/** When to try again what could not be stored: not all at once. */
export function later(random: Random): { after: number } {
  return { after: Math.round(unavailableAfterMs * (1 + 2 * random())) };
}
