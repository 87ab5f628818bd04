/** One direction of a proxied connection: what becomes of its bytes while a fault lasts. */
import type { Socket } from 'node:net';
import type { Random } from '../../connection/ports';
import type { Fault } from './fault';

export interface FaultyPipeOptions {
  fault(): Fault;
  random: Random;
  /** Bytes of this direction vanish just now. */
  isLosing(): boolean;
  /** `corrupt` and `cut mid-frame` concern this direction. */
  damages?: boolean;
  /** The connection was cut in the middle of a frame. */
  onCut?(): void;
}

export interface FaultyPipe {
  /** Another fault holds from now on: what was held back may go. */
  faultChanged(): void;
}

/** A piece that is on its way; the end of the connection travels like one. */
interface Piece {
  bytes: Buffer | 'end';
  /** Ms since 1970; `Infinity` while it is held back. */
  dueAt: number;
}

/** How often a dripping line lets something through, in ms; on a faster one it is a packet that comes at a time. */
const dripMs = 50;
const packetBytes = 1_448;

/** Hands on what comes from one end to the other, in order, as the fault allows. */
export function createFaultyPipe(from: Socket, to: Socket, options: FaultyPipeOptions): FaultyPipe {
  const { fault, random, isLosing } = options;
  let hasLost = false;
  let queue: Piece[] = [];
  let timer: NodeJS.Timeout | undefined;

  from.on('data', (chunk: Buffer) => {
    hasLost ||= isLosing();
    if (hasLost) return;
    for (const bytes of piecesOf(damage(chunk))) queue.push({ bytes, dueAt: dueAt(bytes.length) });
    release();
  });
  from.once('close', () => {
    // On a silent line the other end does not even hear of the end.
    if (hasLost || isLosing()) return;
    queue.push({ bytes: 'end', dueAt: dueAt(0) });
    release();
  });
  to.once('close', () => {
    clearTimeout(timer);
    queue = [];
  });

  function damage(chunk: Buffer): Buffer {
    if (!options.damages) return chunk;
    const { kind } = fault();
    if (kind === 'corrupt') {
      const changed = Buffer.from(chunk);
      const at = Math.floor(random() * changed.length);
      changed[at] = (changed[at] ?? 0) ^ (1 + Math.floor(random() * 255));
      return changed;
    }
    if (kind === 'cut mid-frame' && chunk.length > 1) {
      const most = 1 + Math.floor(random() * (chunk.length - 1));
      to.write(chunk.subarray(0, most), () => setImmediate(() => options.onCut?.()));
      hasLost = true;
      return Buffer.alloc(0);
    }
    return chunk;
  }

  function piecesOf(chunk: Buffer): Buffer[] {
    const current = fault();
    if (current.kind !== 'slow drip') return chunk.length > 0 ? [chunk] : [];
    const dripBytes = Math.floor((current.bytesPerSecond * dripMs) / 1_000);
    const size = Math.min(packetBytes, Math.max(1, dripBytes));
    const count = Math.ceil(chunk.length / size);
    return Array.from({ length: count }, (_, index) =>
      chunk.subarray(index * size, (index + 1) * size),
    );
  }

  /** Never before what went ahead of it. */
  function dueAt(length: number): number {
    const current = fault();
    const now = Date.now();
    const previous = queue.at(-1)?.dueAt ?? now;
    switch (current.kind) {
      case 'stall':
        return Number.POSITIVE_INFINITY;
      case 'delay':
        return Math.max(previous, now + current.delayMs);
      case 'jitter':
        return Math.max(previous, now + random() * current.upToMs);
      case 'slow drip':
        return Math.max(previous, now) + (length * 1_000) / current.bytesPerSecond;
      default:
        return previous;
    }
  }

  function release() {
    clearTimeout(timer);
    let [next] = queue;
    for (; next && next.dueAt <= Date.now(); [next] = queue) {
      queue.shift();
      if (next.bytes === 'end') to.destroy();
      else if (to.writable) to.write(next.bytes);
    }
    if (next && next.dueAt !== Number.POSITIVE_INFINITY) {
      timer = setTimeout(release, next.dueAt - Date.now());
    }
  }

  return {
    faultChanged() {
      // A hole swallows what is on its way, too.
      if (isLosing() && queue.length > 0) hasLost = true;
      if (hasLost) queue = [];
      const isHeld = fault().kind === 'stall';
      for (const piece of queue) piece.dueAt = isHeld ? Number.POSITIVE_INFINITY : Date.now();
      release();
    },
  };
}
