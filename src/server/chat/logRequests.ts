/**
 * What one client has asked of the log and not been answered. Messages run side by side, pages one
 * after another; a client that asks faster than it is answered is not read for a while, so that it
 * can fill no memory.
 */
import { LogUnavailableError } from '../log/log';
import type { ClientLink } from './ports';

export interface LogRequestsOptions {
  link: Pick<ClientLink, 'pause' | 'resume' | 'flushed'>;
  /** Something failed that is not the log's being away. */
  onFailure(error: unknown): void;
}

export interface LogRequests {
  /** Runs `work` now. If the log is away, `onAway` says so to the client. Never rejects. */
  run(work: () => Promise<void>, onAway: () => void): Promise<void>;
  /** The same, but after those given before it, and once what they sent has left. */
  runInTurn(work: () => Promise<void>, onAway: () => void): Promise<void>;
  /** Counts a request that has to wait, until `taken`. */
  held(): void;
  taken(): void;
}

/** Requests without an answer at which a line is no longer read; again at half as many. */
export const maxOpenRequests = 256;

export function createLogRequests({ link, onFailure }: LogRequestsOptions): LogRequests {
  let open = 0;
  let isPaused = false;
  let lastInTurn = Promise.resolve();

  function held() {
    open += 1;
    if (isPaused || open < maxOpenRequests) return;
    isPaused = true;
    link.pause();
  }

  function taken() {
    open -= 1;
    if (!isPaused || open > maxOpenRequests / 2) return;
    isPaused = false;
    link.resume();
  }

  async function run(work: () => Promise<void>, onAway: () => void) {
    held();
    try {
      await work();
    } catch (error) {
      if (error instanceof LogUnavailableError) onAway();
      else onFailure(error);
    } finally {
      taken();
    }
  }

  return {
    run,
    runInTurn(work, onAway) {
      const before = lastInTurn;
      lastInTurn = run(async () => {
        await before;
        await link.flushed();
        await work();
      }, onAway);
      return lastInTurn;
    },
    held,
    taken,
  };
}
