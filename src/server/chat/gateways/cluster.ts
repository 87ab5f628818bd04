/**
 * What a server takes from its host to be one of several gateways of the same chat. Its log, and what it
 * knows of people, are shared by other means (`log.ts`, `ports.ts`): this tells what happens at the other
 * gateways. Only what is in the log is exact. All else that is told here may be late, missing, repeated or
 * out of order, and whoever hears it has to go by the log.
 */
import type { LoggedMessage } from '../../../protocol/message';
import type { User } from '../../../protocol/user';
import type { StreamNews } from '../streams/liveStream';

/** The other gateways. Nothing here throws; what cannot be told now is not told later, unless it says so. */
export interface Cluster {
  /**
   * Hears what happens in a room at the other gateways, until `leave`. Each room is entered once at a time.
   */
  enter(room: string, listener: RoomListener): RoomLink;
  readonly lines: UserLines;
  /** Tells all gateways that the user has signed out: alone of all that is told, later if not now. */
  signedOut(userId: string): void;
  /** Calls back when the user has signed out at another gateway: once or more. */
  onSignedOut(listener: (userId: string) => void): void;
  /** Calls back when users may have signed out elsewhere unheard. From then on it is heard again. */
  onSignOutsMissed(listener: () => void): void;
}

/** One room, as far as this gateway tells the others of it. */
export interface RoomLink {
  /**
   * Resolves once all that is appended from then on is heard, as long as the way is open; rejects with
   * `LogUnavailableError` if it could not be opened, and is then tried again at the next call.
   */
  ready(): Promise<void>;
  /**
   * The user has come to this gateway's part of the room, and is there until `left` or its end; at its end for
   * as long as it may take to come back to another.
   */
  arrived(user: User): void;
  left(userId: string): void;
  typing(user: User): void;
  /** The user has read the room up to `seq` of log `epoch`. */
  read(user: User, epoch: string, seq: number): void;
  /** More is written of a message before all eyes, to this gateway. */
  written(news: StreamNews): void;
  /** Has the other gateways asked for all that is written to them: as is done whenever the way has opened. */
  askWritten(): void;
  /** Nothing more is heard, and who was there on this gateway has left. */
  leave(): void;
}

/** What is heard of one room. */
export interface RoomListener {
  /** Messages that were appended by any gateway, this one included: as they were then, ascending. */
  appended(epoch: string, messages: readonly LoggedMessage[]): void;
  /** The way was shut for a while, or some time has passed: the log may hold what was not heard. */
  mayHaveMissed(): void;
  /** A user is there on another gateway: said once or more. */
  arrived(gateway: string, user: User): void;
  left(gateway: string, userId: string): void;
  /** A gateway has ended, and nobody is there on it any more. */
  gatewayGone(gateway: string): void;
  typing(user: User): void;
  read(user: User, epoch: string, seq: number): void;
  /** More is written to another gateway. */
  written(gateway: string, news: StreamNews): void;
  /** Another gateway wants to be told all that is written to this one. */
  askedWritten(): void;
}

/** Who has a line at which gateway: for what is done for who has none. */
export interface UserLines {
  /** The user has a line here, or had one a moment ago, until `left` or the end of this gateway. */
  came(userId: string): void;
  left(userId: string): void;
  /** Whether the user has one at another gateway. May reject. */
  isElsewhere(userId: string): Promise<boolean>;
}
