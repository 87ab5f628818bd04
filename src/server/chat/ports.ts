/**
 * What the chat's heart takes from its host: a line to each client, proof of who somebody is, and what
 * is known of people beyond their connections.
 */
import type { User } from '../../protocol/user';

/**
 * What goes to many lines alike, as the texts of one or several WebSocket messages. A host may build its
 * frames once and send the same bytes to every line.
 */
export class SharedTexts {
  constructor(readonly texts: readonly string[]) {}
}

/** One client's line. Nothing here throws; a line that is gone takes calls and does nothing. */
export interface ClientLink {
  /** Where the client is, as far as limits by address go; all of one network may be one address. */
  readonly address: string;
  /** A program of the server's own is at its other end: how much it may do is its own to limit. */
  readonly isTrusted?: boolean;
  send(text: string): void;
  sendShared(shared: SharedTexts): void;
  /** Holds back what is sent until `uncork`, so that it leaves in one write. */
  cork(): void;
  uncork(): void;
  /** What was sent and has not left, in bytes. */
  unreadBytes(): number;
  /** Resolves once most of what was sent has left, or the line has ended. */
  flushed(): Promise<void>;
  /** Begins to close. On a dead line that may hang. */
  close(code: number, reason: string): void;
  /** Ends the line at once. */
  terminate(): void;
  /** Stops reading what the client sends, until `resume`: the client feels it and sends slower. */
  pause(): void;
  resume(): void;
}

/** What the host calls when something happens on a line. */
export interface ClientHandle {
  /** A text message has come. Never throws, whatever it is. */
  receive(text: string): void;
  /** A control frame (RFC 6455 section 5.5) has come, and was dealt with. */
  receiveControl(): void;
  /** A binary message has come, which may be kept as it is. Never throws, whatever it is. */
  receiveBinary(bytes: Uint8Array<ArrayBuffer>): void;
  /** The line has ended. Called once; nothing is sent after it. */
  closed(code: number): void;
}

/** What can be done to the lines of a user, to show them what then happens. Nobody else notices. */
export interface LineFaults {
  /** Closes every line of the user, who may come back at once. */
  hangUp(userId: string): void;
  /** Says nothing more, heartbeats included, on the lines that the user has now, until they end. */
  fallSilent(userId: string): void;
}

/** A token that proves to be somebody, and until when, in ms since 1970. */
export interface Grant {
  readonly token: string;
  readonly expiresAt: number;
}

export interface TokenAuthority {
  /** How long a new token holds, in ms. */
  readonly lifetimeMs: number;
  /** A token that proves to be `user`, to come back with. */
  issue(user: User): Promise<Grant>;
  /** Whom the token proves, or undefined if it proves nobody, or no longer does. */
  verify(token: string): Promise<User | undefined>;
}

/** Who has signed out: their tokens prove nobody any more. Every call may reject, and may be repeated. */
export interface Revocations {
  /** Durable once it resolves. From `untilMs` on, in ms since 1970, it may be forgotten. */
  revoke(userId: string, untilMs: number): Promise<void>;
  isRevoked(userId: string): Promise<boolean>;
}

/**
 * Whose a name is: the user's who came with it first. Names that look the same are the same. Every call
 * may reject.
 */
export interface Names {
  /**
   * Says whether the name is this user's, and makes it so if it is nobody's: until `untilMs`, in ms since
   * 1970, or later. False as well where no more names can be kept.
   */
  claim(user: Pick<User, 'id' | 'name'>, untilMs: number): Promise<boolean>;
  /** The user's name is nobody's any more. */
  release(userId: string): Promise<void>;
}

/** How far somebody has read a room, in the log of one epoch. */
export interface ReadMark {
  readonly user: User;
  readonly seq: number;
}

/** How far users have read rooms. A crash may take back the last second. Every call may reject. */
export interface ReadMarks {
  /**
   * Moves the user's mark in the room on to `seq`, 1 or more, of log `epoch`, and says whether that moved
   * it: it never goes back. A mark in another log is void.
   */
  move(user: User, room: string, epoch: string, seq: number): Promise<boolean>;
  /** Where the user's mark is; 0 where there is none. */
  seqOf(userId: string, room: string, epoch: string): Promise<number>;
  /** The marks of the room that moved last, these first: `most` of them. */
  inRoom(room: string, epoch: string, most: number): Promise<readonly ReadMark[]>;
}

/** What is known of people beyond their connections. */
export interface People {
  readonly names: Names;
  readonly revocations: Revocations;
  readonly marks: ReadMarks;
}
