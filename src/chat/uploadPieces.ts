/**
 * The bytes of a file as they are sent, read ahead: a piece that is due must not wait for the disk. Never more than
 * two stretches of the file are in memory.
 */

export interface PieceReaderOptions {
  /** In bytes. */
  size: number;
  /** Brings the bytes. */
  open(): Promise<Blob>;
  /** There may be more to take than before. */
  onRead(): void;
  /** They are gone, or not as many as was said. */
  onUnreadable(): void;
}

export interface PieceReader {
  /** At most so many bytes from `at` on; undefined while they are being read. */
  take(at: number, mostBytes: number): Uint8Array<ArrayBuffer> | undefined;
  /** Reads no more, and says nothing more. */
  stop(): void;
}

/** What is read at a time, in bytes. */
const stretchBytes = 1024 * 1024;

interface Stretch {
  readonly from: number;
  bytes: Uint8Array<ArrayBuffer> | undefined;
}

export function createPieceReader(options: PieceReaderOptions): PieceReader {
  const { size, onRead, onUnreadable } = options;
  let opened: Promise<Blob> | undefined;
  let stretches: Stretch[] = [];
  let isStopped = false;

  async function read(stretch: Stretch) {
    try {
      opened ??= options.open();
      const blob = await opened;
      if (isStopped) return;
      const end = Math.min(size, stretch.from + stretchBytes);
      const bytes = new Uint8Array(await blob.slice(stretch.from, end).arrayBuffer());
      if (isStopped) return;
      if (bytes.length !== end - stretch.from) throw new Error('the file has become shorter');
      stretch.bytes = bytes;
      onRead();
    } catch {
      if (isStopped) return;
      isStopped = true;
      onUnreadable();
    }
  }

  function stretchFrom(from: number): Stretch {
    const known = stretches.find((each) => each.from === from);
    if (known) return known;
    const stretch: Stretch = { from, bytes: undefined };
    stretches = [...stretches, stretch].slice(-2);
    void read(stretch);
    return stretch;
  }

  return {
    take(at, mostBytes) {
      if (isStopped) return undefined;
      const from = at - (at % stretchBytes);
      const { bytes } = stretchFrom(from);
      if (!bytes) return undefined;
      const next = from + stretchBytes;
      if (next < size) stretchFrom(next);
      return bytes.subarray(at - from, at - from + mostBytes);
    },
    stop() {
      isStopped = true;
    },
  };
}
