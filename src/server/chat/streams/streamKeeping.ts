/**
 * Keeps what is there of a stream whose writer has broken off, as a message under its id. While the log is away it
 * is tried again, each time later, and in the end given up: nobody waits for it.
 */
import type { Cancel, Time } from '../../../connection/ports';
import { type Appended, type Draft, LogUnavailableError, MessageRefusedError } from '../../log/log';
import type { LiveStream } from './liveStream';

export interface StreamKeepingOptions {
  time: Time;
  /** Makes ids that no other call makes. */
  newMessageId(): string;
  append(draft: Draft): Promise<Appended>;
  /** Tells everybody of what was appended. */
  appended(draft: Draft, appended: Appended): void;
  /** Told of what should not have happened. */
  onError(error: unknown): void;
}

/** After each try for which the log was away, in ms: two minutes in all. */
export const retriesMs = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 60_000] as const;

export class StreamKeeping {
  readonly #options: StreamKeepingOptions;
  readonly #draft: Draft;
  readonly #finished: () => void;
  #attempt: Promise<void>;
  #retries: readonly number[] = retriesMs;
  #cancelRetry: Cancel | undefined;
  #isCancelled = false;

  /** Begins at once. `finished` is called when it is kept, is refused or given up; not after `cancel`. */
  constructor(options: StreamKeepingOptions, stream: LiveStream, finished: () => void) {
    const { room, user: from, id, text: body, about } = stream;
    const { time, newMessageId } = options;
    this.#options = options;
    this.#finished = finished;
    this.#draft = { room, from, id, mid: newMessageId(), body, at: time.now(), cut: true };
    if (about) this.#draft.about = about;
    this.#attempt = this.#try();
  }

  /** Waits for no other time: resolves once it is kept, or cannot be now. */
  async last(): Promise<void> {
    this.#retries = [];
    if (this.#cancelRetry) this.#tryAgain();
    await this.#attempt;
  }

  /** The message is not needed any more. If it is on its way to the log already, everybody is told all the same. */
  cancel(): void {
    this.#isCancelled = true;
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
  }

  #tryAgain(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#attempt = this.#try();
  }

  async #try(): Promise<void> {
    const { time, append, appended, onError } = this.#options;
    try {
      appended(this.#draft, await append(this.#draft));
    } catch (error) {
      const isAway = error instanceof LogUnavailableError;
      const [delayMs, ...later] = isAway ? this.#retries : [];
      if (delayMs !== undefined && !this.#isCancelled) {
        this.#retries = later;
        this.#cancelRetry = time.after(delayMs, () => this.#tryAgain());
        return;
      }
      if (!isAway && !(error instanceof MessageRefusedError)) onError(error);
    }
    if (!this.#isCancelled) this.#finished();
  }
}
