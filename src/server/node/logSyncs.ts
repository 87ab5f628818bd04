/** Tells what can wait when the disk is the log's: texts wait for that, and for all else that is written beside it. */
export interface LogSyncs {
  /** The log brings a batch of messages to the disk, until this settles. */
  begun(batch: Promise<unknown>): void;
  /** Resolves once the batch that is under way is on the disk, at once if none is. Never rejects. */
  over(): Promise<void>;
}

export function createLogSyncs(): LogSyncs {
  let last: Promise<void> = Promise.resolve();
  const settled = () => {};
  return {
    begun(batch) {
      last = batch.then(settled, settled);
    },
    over: () => last,
  };
}
