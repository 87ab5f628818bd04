/** What the connections of one server have in common, and what the parts of a connection do by it. */
import type { HeartbeatTiming } from '../../connection/heartbeat';
import type { Random } from '../../connection/ports';
import type { CloseCode } from '../../protocol/closeCodes';
import type { ErrorCode } from '../../protocol/errorCodes';
import type { ServerFrame } from '../../protocol/frames';
import type { MessageLog } from '../log/log';
import type { SearchIndex } from '../log/searchIndex';
import type { Admission } from './admission';
import type { Allowances, KeyedBuckets } from './allowances';
import type { ClientConnection } from './clientConnection';
import type { LineHost } from './clientLine';
import type { Gateway } from './gateway';
import type { ChatObserver } from './observer';
import type { Pages } from './pages';
import type { Push } from './push';
import type { ReadMarkKeeper } from './readMarks';
import type { Rooms } from './rooms';
import type { SharedAllowances } from './sharedAllowances';
import type { SharedRooms } from './sharedRooms';
import type { Users } from './users';
import type { Watches } from './watches';

/** What all connections of a server share. */
export interface ConnectionHost extends LineHost {
  readonly log: MessageLog;
  /** Without it the log is looked through. */
  readonly search: SearchIndex | undefined;
  readonly pages: Pages;
  readonly rooms: Rooms;
  readonly watches: Watches;
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
  /** Counts a user's connections at all gateways, if there are several. */
  readonly sharedAllowances: SharedAllowances | undefined;
  /** What a client may take to send `auth`, in ms. */
  readonly authTimeoutMs: number;
  newMessageId(): string;
  /** A clock for what is short, in ms. */
  stopwatch(): number;
  /** Something failed that should not; this client is sent away, the others go on. */
  failed(error: unknown): void;
  /** The line has ended. */
  ended(connection: ClientConnection): void;
}

/** A client, as far as it can be spoken to. */
export interface Client {
  send(frame: ServerFrame): void;
  /** Answers a frame with `err`; the connection stays open. */
  refuse(code: ErrorCode, message: string, fields?: RefusalFields): void;
  /** Closes, and ends the line if that hangs. */
  close(code: CloseCode): void;
  /** Does not read it for so long, in ms. */
  throttle(forMs: number): void;
}

export interface RefusalFields {
  id?: string;
  room?: string;
  after?: number;
}

/** Asked to wait at least this long, in ms, when nothing can be stored; up to three times as long. */
const unavailableAfterMs = 1_000;

/** When to try again what could not be stored: not all at once. */
export function later(random: Random): { after: number } {
  return { after: Math.round(unavailableAfterMs * (1 + 2 * random())) };
}
