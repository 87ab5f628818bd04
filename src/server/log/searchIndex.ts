/**
 * Where in a room is what somebody searches for: a port with an engine that looks through the log, in memory or
 * in Redis, and ones that keep an index of it, beside a log on disk. `searchContract.ts` says, as tests, what all of
 * them promise; what a match is, `searchTerms.ts`.
 */

export interface Found {
  /** The sequence numbers of messages for people, the newest first. */
  readonly seqs: readonly number[];
  /** There are further ones before the last of these. */
  readonly more: boolean;
}

export interface SearchIndex {
  /**
   * The newest `limit` messages before sequence `before` that contain `text` by now: what was deleted, or
   * edited away, is not found, and what was acked before is. Rejects with `LogUnavailableError` while the
   * index is not there, or too many search; the same call may succeed later. Once `isOver` says that nobody waits
   * for it any more it may end with what it has.
   */
  search(
    room: string,
    text: string,
    before: number,
    limit: number,
    isOver?: () => boolean,
  ): Promise<Found>;
  /** The log has grown: a hint, so that not everything is left for the next search. Returns at once. */
  logGrew(): void;
  /** Finishes what is under way, then lets go of everything. Later calls reject. */
  close(): Promise<void>;
}
