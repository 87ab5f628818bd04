/**
 * PNG without metadata (PNG, third edition, section 5): only the chunks stay that say which pixels there are, in
 * which colours, and how they move. Nothing stays that comes behind the end.
 */
import { type Bytes, bytesOf, joined, saysAt, textAt, u32 } from './bytes';
import type { CleanPicture } from './cleanPicture';
import { orientationOf, tiffOf, upright } from './orientation';

const signature = '\x89PNG\r\n\x1a\n';

/** Of a chunk: length and type before its content, a checksum behind it. */
const headBytes = 8;
const checksumBytes = 4;

const neededChunks = new Set([
  ...['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'bKGD', 'hIST', 'sPLT', 'pHYs'],
  ...['cHRM', 'gAMA', 'iCCP', 'sBIT', 'sRGB', 'cICP', 'mDCV', 'mDCv', 'cLLI', 'cLLi'],
  ...['acTL', 'fcTL', 'fdAT'],
  // Apple's own, without which theirs cannot be read.
  'CgBI',
]);

/** Undefined for what is no PNG. One that is broken off loses what metadata can be seen of it. */
export function cleanPng(bytes: Bytes): CleanPicture | undefined {
  if (!saysAt(bytes, 0, signature)) return undefined;
  const kept: Bytes[] = [bytes.subarray(0, signature.length)];
  let [width, height] = [0, 0];
  let orientation = upright;
  let isAnimated = false;

  let at = signature.length;
  while (at + headBytes <= bytes.length) {
    const type = textAt(bytes, at + 4, 4);
    const end = at + headBytes + u32(bytes, at) + checksumBytes;
    // The rest of a picture that was cut short: what there is of its pixels is shown.
    const chunk = bytes.subarray(at, end);
    if (type === 'IHDR') [width, height] = [u32(chunk, headBytes), u32(chunk, headBytes + 4)];
    if (type === 'acTL') isAnimated = true;
    if (type === 'eXIf') {
      orientation = orientationOf(chunk.subarray(headBytes));
      if (orientation !== upright) kept.push(exifChunk(orientation));
    } else if (neededChunks.has(type)) {
      kept.push(chunk);
    }
    at = end;
    if (type === 'IEND') break;
  }

  return { type: 'image/png', width, height, orientation, isAnimated, parts: kept };
}

function exifChunk(orientation: number): Bytes {
  const content = tiffOf(orientation);
  const named = joined([bytesOf('eXIf'), content]);
  const chunk = new Uint8Array(headBytes + content.length + checksumBytes);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, content.length);
  chunk.set(named, 4);
  view.setUint32(4 + named.length, crc32(named));
  return chunk;
}

/** As PNG has it (annex D), bit by bit: it is for few bytes. */
export function crc32(bytes: Bytes): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
