/** Who takes part in a storm, whether headless or at a page: what they can do, and what is kept of it. */
import type { FileToSend } from './stormFiles';
import type { SeenStream, SentFile, StormMessage, StormRecord, StormStream } from './stormOutcome';

export interface StormClient {
  readonly name: string;
  readonly written: readonly string[];
  readonly shownAsSent: ReadonlySet<string>;
  readonly retried: ReadonlySet<string>;
  /** What was written before everybody's eyes, and what was seen of such messages. */
  readonly streams: readonly StormStream[];
  readonly seenStreams: readonly SeenStream[];
  /** What was attached, in that order; and how often one stood still that was on its way. */
  readonly files: readonly SentFile[];
  readonly interruptions: number;
  /** How often the line was open. */
  readonly opened: number;
  /** How often it gave up, and the person pressed Reconnect. */
  readonly gaveUp: number;
  write(text: string): Promise<void>;
  /** Sends a file with a text; the text alone where no file can be sent just now. */
  attach(text: string, file: FileToSend): Promise<void>;
  /** Writes a text before everybody's eyes, piece by piece. Who sits at a page cannot. */
  stream?(text: string): Promise<void>;
  /** `crash`: without a word to the server. What is stored stays. */
  reload(how: 'reload' | 'crash'): Promise<void>;
  disconnect(): Promise<void>;
  /** Connects if it is not connected. */
  reconnect(): Promise<void>;
  /**
   * Waits until the line is open, nothing is unsent and nobody is seen writing, sending again what failed.
   * False: it is not so.
   */
  untilQuiet(timeoutMs: number): Promise<boolean>;
  /** How the line is, and which messages are not sent yet, in words. */
  unrest(): Promise<string>;
  /** Waits until the message with this sequence is here. False: it is not. */
  untilSeq(seq: number, timeoutMs: number): Promise<boolean>;
  /** The whole room as it is shown, once older messages have been asked for, and the files as they can be saved. */
  readAll(): Promise<readonly StormMessage[]>;
}

export async function recordOf(client: StormClient): Promise<StormRecord> {
  const { name, written, shownAsSent, retried, streams, seenStreams, files } = client;
  return {
    name,
    written,
    shownAsSent,
    retried,
    streams,
    seenStreams,
    files,
    messages: await client.readAll(),
  };
}
