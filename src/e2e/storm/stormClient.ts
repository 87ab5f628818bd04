/** Who takes part in a storm, whether headless or at a page: what they can do, and what is kept of it. */
import type { StormMessage, StormRecord } from './checkStorm';

export interface StormClient {
  readonly name: string;
  readonly written: readonly string[];
  readonly shownAsSent: ReadonlySet<string>;
  readonly retried: ReadonlySet<string>;
  /** How often the line was open. */
  readonly opened: number;
  /** How often it gave up, and the person pressed Reconnect. */
  readonly gaveUp: number;
  write(text: string): Promise<void>;
  /** `crash`: without a word to the server. What is stored stays. */
  reload(how: 'reload' | 'crash'): Promise<void>;
  disconnect(): Promise<void>;
  /** Connects if it is not connected. */
  reconnect(): Promise<void>;
  /** Waits until the line is open and nothing is unsent, sending again what failed. False: it is not. */
  untilQuiet(timeoutMs: number): Promise<boolean>;
  /** Waits until the message with this sequence is here. False: it is not. */
  untilSeq(seq: number, timeoutMs: number): Promise<boolean>;
  /** The whole room as it is shown, once older messages have been asked for. */
  readAll(): Promise<readonly StormMessage[]>;
}

export async function recordOf(client: StormClient): Promise<StormRecord> {
  const { name, written, shownAsSent, retried } = client;
  return { name, written, shownAsSent, retried, messages: await client.readAll() };
}
