/**
 * What is done for kept files now and then: uploads that nobody wants any more are forgotten, and of each
 * message that a crash left in doubt is looked up whether the log has it, with its file.
 */
import type { Cancel, Time } from '../../../connection/ports';
import { BlobRefusedError, type BlobStore, type DoubtedHolder } from '../../blobs/blobs';
import { LogUnavailableError, type MessageLog, type PageLimit } from '../../log/log';
import { messageAt } from '../../log/messageAt';

export interface FileSweepOptions {
  blobs: BlobStore;
  log: Pick<MessageLog, 'after' | 'before'>;
  time: Time;
  /** Told of what should not have happened. */
  onError(error: unknown): void;
}

/** How often, in ms; and how often uploads that never began are looked for, which is much less work. */
const sweepEveryMs = 3_600_000;
const lookEveryMs = 60_000;

/** What was written at the same time as another may stand before it, by so much, in ms. */
const disorderMs = 600_000;
const pageLimit: PageLimit = { messages: 500, length: 1_000_000 };

/** Begins at once, and goes on until it is cancelled. */
export function sweepFiles(options: FileSweepOptions): Cancel {
  const { blobs, log, time, onError } = options;
  let isOver = false;
  let cancelNext: Cancel = () => {};

  let sweptAtMs = Number.NEGATIVE_INFINITY;

  async function look() {
    try {
      if (time.now() - sweptAtMs < sweepEveryMs) {
        await blobs.forgetUnbegun();
      } else {
        sweptAtMs = time.now();
        await settleDoubts(blobs, log);
        await blobs.sweep();
      }
    } catch (error) {
      const isAway = error instanceof LogUnavailableError || error instanceof BlobRefusedError;
      if (!isAway) onError(error);
    }
    if (!isOver) cancelNext = time.after(lookEveryMs, () => void look());
  }

  void look();
  return () => {
    isOver = true;
    cancelNext();
  };
}

export async function settleDoubts(
  blobs: Pick<BlobStore, 'doubted' | 'keep' | 'release'>,
  log: Pick<MessageLog, 'after' | 'before'>,
): Promise<void> {
  for (const holder of await blobs.doubted()) {
    try {
      const seq = await placeOf(holder, log);
      await (seq === undefined ? blobs.release(holder.mid) : blobs.keep(holder.mid, seq));
    } catch (error) {
      // One room that cannot be read is no other's loss: it stays in doubt.
      if (!(error instanceof LogUnavailableError)) throw error;
    }
  }
}

/** Where the log has the message with its file; undefined if it does not. */
async function placeOf(
  { mid, room, at, seq }: DoubtedHolder,
  log: Pick<MessageLog, 'after' | 'before'>,
): Promise<number | undefined> {
  if (seq !== undefined) {
    const message = await messageAt(log, room, seq);
    return message?.mid === mid && message.file ? seq : undefined;
  }
  for (let before = Number.MAX_SAFE_INTEGER; ; ) {
    const { messages, more } = await log.before(room, before, pageLimit);
    const found = messages.find((each) => each.mid === mid);
    if (found) return found.file && found.seq;
    const [oldest] = messages;
    if (!more || !oldest || oldest.at < at - disorderMs) return undefined;
    before = oldest.seq;
  }
}
