/**
 * Loads the messages that are quoted and lie before what is loaded, each once. What is asked for while
 * there is no line, or lost with it, is asked for again when the room has been entered anew.
 */
import type { LoggedMessage } from '../protocol/message';

export interface QuoteLoaderOptions {
  /** Reads one message; undefined if the room does not have it. Rejects without a line. */
  read(seq: number): Promise<LoggedMessage | undefined>;
  onLoaded(message: LoggedMessage): void;
}

export interface QuoteLoader {
  load(seq: number): void;
  /** The room was entered, and answers. */
  entered(): void;
  /** The log is another one: what is at a place may be something else. */
  logChanged(): void;
}

export function createQuoteLoader({ read, onLoaded }: QuoteLoaderOptions): QuoteLoader {
  const states = new Map<number, 'wanted' | 'asked' | 'answered'>();

  function ask(seq: number) {
    states.set(seq, 'asked');
    read(seq)
      .then((message) => {
        states.set(seq, 'answered');
        if (message) onLoaded(message);
      })
      .catch(() => states.set(seq, 'wanted'));
  }

  return {
    load(seq) {
      const state = states.get(seq) ?? 'wanted';
      if (state === 'wanted') ask(seq);
    },
    entered() {
      for (const [seq, state] of states) if (state === 'wanted') ask(seq);
    },
    logChanged() {
      for (const [seq, state] of states) if (state === 'answered') states.delete(seq);
    },
  };
}
