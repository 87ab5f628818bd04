/**
 * GIF without metadata (GIF89a, sections 17 to 27): comments go, and what programs say in it except how often it
 * moves, and what lies behind its end.
 */
import { type Bytes, byteAt, saysAt, u16le } from './bytes';
import type { CleanPicture } from './cleanPicture';

/** Signature, size, and where the palette is told of. */
const headBytes = 13;
/** Of a picture in it: its place, and whether it has a palette, before its pixels. */
const imageHeadBytes = 10;

const extension = 0x21;
const image = 0x2c;
const comment = 0xfe;
const application = 0xff;

/** Undefined for what is no GIF. */
export function cleanGif(bytes: Bytes): CleanPicture | undefined {
  const isGif = saysAt(bytes, 0, 'GIF87a') || saysAt(bytes, 0, 'GIF89a');
  if (!isGif || bytes.length < headBytes) return undefined;
  let at = headBytes + paletteBytes(byteAt(bytes, 10));
  const kept: Bytes[] = [bytes.subarray(0, at)];
  let images = 0;

  while (at < bytes.length) {
    const mark = byteAt(bytes, at);
    if (mark !== extension && mark !== image) {
      // Nothing is shown of what is behind the end, or behind what means nothing.
      if (mark === 0x3b) kept.push(bytes.subarray(at, at + 1));
      break;
    }
    if (mark === image) images += 1;
    const end = endOfBlocks(bytes, mark === image ? pixelsOf(bytes, at) : at + 2);
    if (mark === image || isNeeded(bytes, at)) kept.push(bytes.subarray(at, end));
    at = end;
  }
  return {
    type: 'image/gif',
    ...{ width: u16le(bytes, 6), height: u16le(bytes, 8), orientation: 1 },
    ...{ isAnimated: images > 1, parts: kept },
  };
}

const paletteBytes = (flags: number) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);

/** Where the coded pixels begin, behind the palette and a byte on how they are coded. */
const pixelsOf = (bytes: Bytes, at: number) =>
  at + imageHeadBytes + paletteBytes(byteAt(bytes, at + imageHeadBytes - 1)) + 1;

/** Where a run of blocks ends, each with its length before it and the last one empty. */
function endOfBlocks(bytes: Bytes, from: number): number {
  let at = from;
  while (at < bytes.length && byteAt(bytes, at) > 0) at += 1 + byteAt(bytes, at);
  return Math.min(at + 1, bytes.length);
}

function isNeeded(bytes: Bytes, at: number): boolean {
  const label = byteAt(bytes, at + 1);
  if (label !== application) return label !== comment;
  return saysAt(bytes, at + 3, 'NETSCAPE2.0') || saysAt(bytes, at + 3, 'ANIMEXTS1.0');
}
