/**
 * How much room there is for the files of all: what counts is the bytes that are there, kept and come so far. It
 * is looked at with each piece, so it is asked of the engine now and then only; in between, what comes here is
 * added to that. What other servers take of the same room is seen with the next question.
 */
import type { BlobEngine } from './blobEngine';
import { BlobRefusedError } from './blobs';

export interface Room {
  /** Rejects with `no_room_for_files` if so many bytes more would not fit now. */
  expect(bytes: number): Promise<void>;
  /** Takes so much of it while it is written. Rejects with `no_room_for_files`, and nothing is, if it is not there. */
  take(bytes: number, write: () => Promise<void>): Promise<void>;
  /** Some was given back, or may have been. */
  changed(): void;
}

/** Bytes that are there, as the engine said at that time and as they came since. */
interface Counted {
  bytes: number;
  readonly askedAt: number;
}

/** For so long an answer of the engine holds, in ms. */
const answerMs = 5_000;

export function createRoom(
  engine: Pick<BlobEngine, 'usage' | 'unfinished'>,
  totalBytes: number,
  now: () => number,
): Room {
  /** What is there, and when that was asked. */
  let known: Counted | undefined;
  let asking: Promise<Counted> | undefined;
  /** Bytes that are being written, and all that ever were. */
  let underWay = 0;
  let begun = 0;

  /** What is written while the engine is asked may count twice, rather than not at all. */
  async function ask(): Promise<Counted> {
    const askedAt = now();
    const before = begun - underWay;
    const bytes = await bytesThere(engine);
    known = { bytes: bytes + begun - before, askedAt };
    return known;
  }

  async function there(): Promise<Counted> {
    if (known && now() - known.askedAt < answerMs) return known;
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  }

  function look(counted: Counted, bytes: number) {
    if (counted.bytes + bytes <= totalBytes) return;
    throw new BlobRefusedError('no_room_for_files', 'there is no room for more files here');
  }

  return {
    async expect(bytes) {
      look(await there(), bytes);
    },
    async take(bytes, write) {
      const counted = await there();
      look(counted, bytes);
      // At once, before anybody else looks.
      counted.bytes += bytes;
      underWay += bytes;
      begun += bytes;
      try {
        await write();
      } catch (error) {
        // How much of it came in is asked.
        known = undefined;
        throw error;
      } finally {
        underWay -= bytes;
      }
    },
    changed() {
      known = undefined;
    },
  };
}

/** All bytes that are there, in full and in part. */
export async function bytesThere(
  engine: Pick<BlobEngine, 'usage' | 'unfinished'>,
): Promise<number> {
  const [{ kept }, unfinished] = await Promise.all([engine.usage(), engine.unfinished()]);
  return unfinished.reduce((sum, { have }) => sum + have, kept);
}
