/**
 * The message log: where a message becomes durable and gets its place in the room. A port with
 * several engines behind it; `logContract.ts` says, as tests, what each of them promises. What changes
 * an earlier message is an entry like any other, and changes that one in the same commit: every page
 * holds its messages as they are by now.
 */

import type { AboutSent } from '../../protocol/about';
import type { ErrorCode } from '../../protocol/errorCodes';
import type { MessageFile } from '../../protocol/file';
import type { LoggedMessage, Position } from '../../protocol/message';
import type { User } from '../../protocol/user';

/** A message on its way into the log. */
export interface Draft {
  room: string;
  from: User;
  /** Made by the author's client. With `from.id` it names the message for ever. */
  id: string;
  /** Made by the server; it counts only if the message is new. */
  mid: string;
  body: string;
  /** Ms since 1970 by the server's clock. */
  at: number;
  /** The message in the same room that it is about, which has to be there under that `mid`. */
  about?: AboutSent;
  /** Its bytes are kept already. A message that changes another has none. */
  file?: MessageFile;
  /** Whoever wrote it before everybody's eyes broke off. */
  cut?: true;
}

/** What the log answers once the message is durable. */
export interface Appended {
  epoch: string;
  /** Where the message is: for a repeated id the room of the first one. */
  room: string;
  seq: number;
  mid: string;
  at: number;
  /** The message was there already: this is the first answer, again, whatever the draft held. */
  dup: boolean;
}

export interface Page {
  epoch: string;
  /** The sequence number of the room's last message, 0 in an empty room. */
  head: number;
  /** Ascending and without a hole. */
  messages: LoggedMessage[];
  /** There are further messages beyond the page, in the direction of reading. */
  more: boolean;
}

/** A page, and the message that it goes on from. */
export interface NextPage extends Page {
  /** The server's id of the message that the page comes after: '' at 0, undefined where there is none. */
  mid: string | undefined;
}

/** Where a room ends, and how much of it is for people. */
export interface RoomEnd extends Position {
  /** How many texts there are: messages and replies, deleted ones too; no edits and no reactions. */
  texts: number;
}

/** Where a page ends: after `messages` messages, or once their texts exceed `length` UTF-16 units. */
export interface PageLimit {
  messages: number;
  length: number;
}

/** The log cannot take or give messages just now; the same call may succeed later. */
export class LogUnavailableError extends Error {
  override name = 'LogUnavailableError';
}

/**
 * What is kept of one room cannot be used as it is, while others can: somebody has damaged it, and once it is
 * put right the same call succeeds.
 */
export class RoomUnavailableError extends LogUnavailableError {
  override name = 'RoomUnavailableError';
}

/** Why a message may not be about another: that one is no text, or is somebody else's to change. */
export type RefusalCode = Extract<ErrorCode, 'no_message' | 'not_author'>;

/** The message is not stored, as what it is about does not allow it; nor will it be later. */
export class MessageRefusedError extends Error {
  override name = 'MessageRefusedError';
  constructor(readonly code: RefusalCode) {
    super(`the message was refused: ${code}`);
  }
}

/** Every call may reject with `LogUnavailableError`. Rooms need not be made: they begin empty. */
export interface MessageLog {
  /**
   * Makes a message durable and gives it the room's next sequence number, starting at 1. Resolves
   * only after the commit; calls resolve in the order of their sequence numbers, and one that is refused
   * rejects in its turn, with `MessageRefusedError`.
   *
   * With it, an `edit` puts its text and time to the message that it is about, and takes the text of the
   * edit before it away, nor is the message `cut` any more; a `delete` leaves no text of that message, nor of its
   * edits, and nothing of its file, anywhere. A repeated
   * id gets its first answer whatever has become of what it is about.
   */
  append(draft: Draft): Promise<Appended>;
  /** Where the room ends: `{seq: 0, mid: '', texts: 0}` in an empty one. */
  head(room: string): Promise<RoomEnd>;
  /** How many texts there are up to and with sequence `seq`, which may lie beyond the head. */
  textsUpTo(room: string, seq: number): Promise<number>;
  /**
   * The oldest messages after sequence `seq`, and what is at `seq`: by it a reader's place is checked. A
   * page holds at least one message if there is one.
   */
  after(room: string, seq: number, limit: PageLimit): Promise<NextPage>;
  /** The newest messages before sequence `seq`, ascending; `seq` may lie beyond the head. */
  before(room: string, seq: number, limit: PageLimit): Promise<Page>;
  /** Resolves if a message could be made durable now. Costs little: it may be asked often. */
  check(): Promise<void>;
  /** Finishes what is under way, then lets go of everything. Later calls reject. */
  close(): Promise<void>;
}
