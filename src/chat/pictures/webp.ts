/**
 * WebP without metadata (RFC 9649): the chunks of the picture, its colours and its frames stay, and nothing that
 * is unknown, inside of a frame neither.
 */
import { type Bytes, byteAt, joined, saysAt, textAt, u16le, u24le, u32le } from './bytes';
import type { CleanPicture } from './cleanPicture';
import { orientationOf, tiffOf, upright } from './orientation';

/** `RIFF`, a length, `WEBP`. */
const fileHeadBytes = 12;
/** Of a chunk: type and length. */
const headBytes = 8;
/** Of a frame of an animation: its place and its time, before its own chunks. */
const frameHeadBytes = 16;

const neededChunks = new Set(['VP8X', 'VP8 ', 'VP8L', 'ALPH', 'ANIM', 'ANMF', 'ICCP']);
const pixelChunks = new Set(['VP8 ', 'VP8L', 'ANMF']);

/** In the first byte of `VP8X`. */
const exifFlag = 0x08;
const xmpFlag = 0x04;
const animationFlag = 0x02;

interface Chunk {
  readonly type: string;
  readonly content: Bytes;
}

/** Undefined for what is no WebP. One that is broken off loses what metadata can be seen of it. */
export function cleanWebp(bytes: Bytes): CleanPicture | undefined {
  if (!saysAt(bytes, 0, 'RIFF') || !saysAt(bytes, 8, 'WEBP')) return undefined;
  const told = chunksOf(bytes.subarray(fileHeadBytes, headBytes + u32le(bytes, 4)));
  const hasPixels = told.some(({ type }) => pixelChunks.has(type));
  // A length that is wrong must not cost the picture.
  const all = hasPixels ? told : chunksOf(bytes.subarray(fileHeadBytes));
  const [first] = all;
  const size = (first && sizeOf(first)) ?? { width: 0, height: 0 };

  const flags = first?.type === 'VP8X' ? byteAt(first.content, 0) : 0;
  const exif = flags & exifFlag ? all.find(({ type }) => type === 'EXIF') : undefined;
  const orientation = exif ? orientationOf(tiffIn(exif.content)) : upright;
  const isTurned = orientation !== upright;
  const kept = all.filter(({ type }) => neededChunks.has(type)).map(cleanChunk);
  if (isTurned) kept.push({ type: 'EXIF', content: tiffOf(orientation) });
  if (kept[0]?.type === 'VP8X' && kept[0].content.length > 0) {
    const content = kept[0].content.slice();
    content[0] = (flags & ~exifFlag & ~xmpFlag) | (isTurned ? exifFlag : 0);
    kept[0] = { type: 'VP8X', content };
  }
  const parts = kept.flatMap(partsOf);
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const head = bytes.slice(0, fileHeadBytes);
  new DataView(head.buffer).setUint32(4, fileHeadBytes - headBytes + length, true);
  const isAnimated = (flags & animationFlag) !== 0;
  return { type: 'image/webp', ...size, orientation, isAnimated, parts: [head, ...parts] };
}

/** The last one is cut where the file is. */
function chunksOf(bytes: Bytes): Chunk[] {
  const chunks: Chunk[] = [];
  let at = 0;
  while (at + headBytes <= bytes.length) {
    const length = u32le(bytes, at + 4);
    const from = at + headBytes;
    chunks.push({ type: textAt(bytes, at, 4), content: bytes.subarray(from, from + length) });
    at = from + length + (length % 2);
  }
  return chunks;
}

function partsOf({ type, content }: Chunk): Bytes[] {
  const head = new Uint8Array(headBytes);
  head.set(Uint8Array.from(type, (letter) => letter.charCodeAt(0)));
  new DataView(head.buffer).setUint32(4, content.length, true);
  return content.length % 2 === 0 ? [head, content] : [head, content, new Uint8Array(1)];
}

function cleanChunk(chunk: Chunk): Chunk {
  if (chunk.type !== 'ANMF') return chunk;
  const inner = chunksOf(chunk.content.subarray(frameHeadBytes));
  const needed = inner.filter(({ type }) => neededChunks.has(type));
  if (needed.length === inner.length) return chunk;
  const place = chunk.content.subarray(0, frameHeadBytes);
  return { type: 'ANMF', content: joined([place, ...needed.flatMap(partsOf)]) };
}

/** Some write it as a JPEG would have it. */
function tiffIn(exif: Bytes): Bytes {
  return saysAt(exif, 0, 'Exif\0\0') ? exif.subarray(6) : exif;
}

/** What the first chunk says, whichever of the three it is. */
function sizeOf({ type, content }: Chunk): { width: number; height: number } | undefined {
  if (type === 'VP8X' && content.length >= 10) {
    return { width: u24le(content, 4) + 1, height: u24le(content, 7) + 1 };
  }
  if (type === 'VP8 ' && saysAt(content, 3, '\x9d\x01\x2a')) {
    const width = u16le(content, 6) & 0x3fff;
    const height = u16le(content, 8) & 0x3fff;
    return width > 0 && height > 0 ? { width, height } : undefined;
  }
  if (type === 'VP8L' && byteAt(content, 0) === 0x2f && content.length >= 5) {
    const bits = u32le(content, 1);
    return { width: (bits & 0x3fff) + 1, height: (Math.floor(bits / 0x4000) & 0x3fff) + 1 };
  }
  return undefined;
}
