/**
 * The search off the main thread: the port's engine, which has its index at the other end of a message
 * channel (`searchService.ts`). A thread that has died is started anew with the next search.
 */
import { LogUnavailableError } from './log';
import { reasonOf } from './reasonOf';
import type { SearchIndex } from './searchIndex';
import type { SearchCall, SearchReply, SearchRequest, SearchResult } from './searchService';
import { createThreadCalls, type Thread } from './threadCalls';

export type SearchThread = Thread<SearchRequest, SearchReply>;

export interface ThreadSearchOptions {
  /** Starts the thread; rejects with the reason if it cannot be started. */
  start(): Promise<SearchThread>;
  /** Calls back in `delayMs` unless cancelled. */
  after(delayMs: number, callback: () => void): () => void;
  /** Told why there is no search, each time that the reason changes; undefined when there is again. */
  onTrouble(reason: string | undefined): void;
}

/** How long after the log has grown the index follows, in ms: what is written meanwhile goes with it. */
const followMs = 250;

/** Searches that wait for an answer: who comes then is told to come again. */
const maxWaiting = 100;

interface Running {
  readonly thread: SearchThread;
  call(call: SearchCall): Promise<SearchResult>;
}

export function createThreadSearch(options: ThreadSearchOptions): SearchIndex {
  const { start, after, onTrouble } = options;
  let running: Promise<Running> | undefined;
  let cancelFollow: (() => void) | undefined;
  let waiting = 0;
  let isClosed = false;
  let trouble: string | undefined;

  function tell(reason: string | undefined) {
    if (reason === trouble) return;
    trouble = reason;
    onTrouble(reason);
  }

  async function run(): Promise<Running> {
    const thread = await start();
    const current = running;
    thread.onDeath(() => {
      if (running === current) running = undefined;
    });
    return { thread, call: createThreadCalls<SearchCall, SearchResult>(thread) };
  }

  async function call(asked: SearchCall): Promise<SearchResult> {
    try {
      running ??= run();
      const { call: ask } = await running.catch((error: unknown) => {
        running = undefined;
        throw new LogUnavailableError(reasonOf(error));
      });
      const result = await ask(asked);
      tell(undefined);
      return result;
    } catch (error) {
      tell(reasonOf(error));
      throw error;
    }
  }

  return {
    async search(room, text, before, limit) {
      if (isClosed) throw new LogUnavailableError('the search is closed');
      if (waiting >= maxWaiting) throw new LogUnavailableError('too many search at once');
      waiting += 1;
      try {
        const { found } = await call({ call: 'search', room, text, before, limit });
        if (found && found !== 'behind') return found;
        throw new LogUnavailableError('the index of the search is being made');
      } finally {
        waiting -= 1;
      }
    },
    logGrew() {
      if (isClosed) return;
      cancelFollow ??= after(followMs, () => {
        cancelFollow = undefined;
        call({ call: 'catchUp' }).catch(() => {});
      });
    },
    async close() {
      if (isClosed) throw new LogUnavailableError('the search is closed');
      isClosed = true;
      cancelFollow?.();
      const last = await running?.catch(() => undefined);
      if (!last) return;
      // It may have died, and is closed then.
      await last.call({ call: 'close' }).catch(() => {});
      await last.thread.ended();
    },
  };
}
