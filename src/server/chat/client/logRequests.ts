/**
 * What one client has asked of the log and not been answered. Messages run side by side, pages one
 * after another; a client that asks faster than it is answered is not read for a while, so that it
 * can fill no memory.
 */
import { LogUnavailableError, MessageRefusedError } from '../../log/log';
import type { ClientLink } from '../ports';

/** Requests without an answer at which a line is no longer read; again at half as many. */
export const maxOpenRequests = 256;

export interface RequestOwner {
  /** A request failed for another reason than the log's being away. */
  failed(error: unknown): void;
}

export class LogRequests {
  readonly #line: Pick<ClientLink, 'pause' | 'resume' | 'flushed'>;
  readonly #owner: RequestOwner;
  #open = 0;
  #isPaused = false;
  #lastInTurn: Promise<void> | undefined;

  constructor(line: Pick<ClientLink, 'pause' | 'resume' | 'flushed'>, owner: RequestOwner) {
    this.#line = line;
    this.#owner = owner;
  }

  /** Runs `work` now. If the log is away, `onAway` says so to the client. Never rejects. */
  async run(work: () => Promise<void>, onAway: () => void): Promise<void> {
    this.held();
    try {
      await work();
    } catch (error) {
      if (error instanceof LogUnavailableError) onAway();
      else this.#owner.failed(error);
    } finally {
      this.taken();
    }
  }

  /**
   * Counts what was asked already until it is answered. For what is asked thousands of times a second:
   * lighter than `run`. `onRefusal` says to the client that the log is away, or refused the message: in its
   * turn among the answers.
   */
  wait<Answer>(
    asked: Promise<Answer>,
    onAnswer: (answer: Answer) => void,
    onRefusal: (why: LogUnavailableError | MessageRefusedError) => void,
  ): void {
    this.held();
    asked
      .then(onAnswer, (error: unknown) => {
        const isRefusal =
          error instanceof LogUnavailableError || error instanceof MessageRefusedError;
        if (!isRefusal) throw error;
        onRefusal(error);
      })
      .then(
        () => this.taken(),
        (error: unknown) => {
          this.#owner.failed(error);
          this.taken();
        },
      );
  }

  /** The same, but after those given before it, and once what they sent has left. */
  runInTurn(work: () => Promise<void>, onAway: () => void): Promise<void> {
    const before = this.#lastInTurn;
    const last = this.run(async () => {
      await before;
      await this.#line.flushed();
      await work();
    }, onAway).finally(() => {
      if (this.#lastInTurn === last) this.#lastInTurn = undefined;
    });
    this.#lastInTurn = last;
    return last;
  }

  /** Counts a request that has to wait, until `taken`. */
  held(): void {
    this.#open += 1;
    if (this.#isPaused || this.#open < maxOpenRequests) return;
    this.#isPaused = true;
    this.#line.pause();
  }

  taken(): void {
    this.#open -= 1;
    if (!this.#isPaused || this.#open > maxOpenRequests / 2) return;
    this.#isPaused = false;
    this.#line.resume();
  }
}
