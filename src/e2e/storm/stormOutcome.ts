/** What a storm leaves to be judged: what was written, what was shown, and what everybody has in the end. */

export interface StormMessage {
  readonly id: string;
  readonly seq?: number | undefined;
  readonly author: string;
  readonly body: string;
  readonly state: string;
  /** It is being written, or was and nothing more will come: no part of the room. */
  readonly live?: string | undefined;
  /** The room has it as broken off by its writer. */
  readonly isCut?: boolean | undefined;
  readonly file?: StormFile | undefined;
}

/** The file of a message, as somebody has it. */
export interface StormFile {
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** Of the bytes that are given out for it, in hexadecimal; undefined where none were. */
  readonly sha256: string | undefined;
}

/** A file that was attached, and the text that was sent with it. */
export interface SentFile extends StormFile {
  readonly text: string;
  /** It was kept, so it is among what was written. Else its page was gone too early: it may come, or not. */
  readonly isKept: boolean;
}

/** A message that was written before everybody's eyes. */
export interface StormStream {
  readonly id: string;
  /** What was given to its writer, all of it. */
  readonly text: string;
  /** It was sent, so it is among what was written. Else its writer broke off, or died. */
  readonly isEnded: boolean;
}

/** What somebody was once shown of a message that was being written. */
export interface SeenStream {
  readonly id: string;
  readonly author: string;
  readonly text: string;
}

export interface StormRecord {
  readonly name: string;
  /** Every text written, in the order of writing; no two are the same. */
  readonly written: readonly string[];
  readonly streams: readonly StormStream[];
  readonly seenStreams: readonly SeenStream[];
  /** In the order of attaching. */
  readonly files: readonly SentFile[];
  /** Ids of this author's messages that were once shown as sent. */
  readonly shownAsSent: ReadonlySet<string>;
  /** Texts that failed and were sent again by hand: they may stand later than they were written. */
  readonly retried: ReadonlySet<string>;
  /** The whole room as this client shows it at the end. */
  readonly messages: readonly StormMessage[];
}

/** What a server gives out for the link of a message's file. */
export interface GivenFile extends Pick<StormFile, 'size' | 'sha256'> {
  readonly server: string;
  /** Of the message. */
  readonly body: string;
}

/** The files as the servers have them. */
export interface FilesLeft {
  readonly servers: readonly string[];
  /** For every file in the log, by every server. */
  readonly given: readonly GivenFile[];
  /** What is whole, by its SHA-256. */
  readonly whole: readonly string[];
  /** What never became whole, with its size, in bytes. */
  readonly unfinished: readonly { readonly name: string; readonly size: number }[];
}

export interface StormOutcome {
  /** The room as the server gives it to who has never been there. */
  readonly log: readonly StormMessage[];
  /** Places of the room that changes of messages have: they are not shown as messages. */
  readonly changes: readonly number[];
  readonly clients: readonly StormRecord[];
  /** Undefined where nobody attaches files. */
  readonly files?: FilesLeft | undefined;
}

/** A text in a sentence, shortened. */
export function quote(body: string): string {
  return JSON.stringify(body.length > 40 ? `${body.slice(0, 40)}…` : body);
}
