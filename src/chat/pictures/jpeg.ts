/**
 * JPEG without metadata (ITU-T T.81, annex B): comments and application segments go, and what lies behind the
 * picture's end, which is where cameras put second pictures and films. What the colours need stays: JFIF, the
 * colour profile, and Adobe's word on how they are coded.
 */
import { type Bytes, byteAt, bytesOf, joined, saysAt, u16 } from './bytes';
import type { CleanPicture } from './cleanPicture';
import { orientationOf, tiffOf, upright } from './orientation';

const startOfImage = 0xd8;
const endOfImage = 0xd9;
const startOfScan = 0xda;
const comment = 0xfe;
const app = (n: number) => 0xe0 + n;

/** Of a segment: the mark, and its length. */
const headBytes = 4;

/** The sizes of a thumbnail stand behind these of JFIF's bytes. */
const jfifBytes = headBytes + 12;

/** Undefined for what is no JPEG. One that is broken off loses what metadata can be seen of it. */
export function cleanJpeg(bytes: Bytes): CleanPicture | undefined {
  if (!saysAt(bytes, 0, '\xff\xd8\xff')) return undefined;
  const kept: Bytes[] = [bytes.subarray(0, 2)];
  let orientation = upright;
  let frame: { width: number; height: number } | undefined;

  let at = 2;
  while (at < bytes.length) {
    // Decoders pass over what stands between segments.
    if (bytes[at] !== 0xff || bytes[at + 1] === 0xff) {
      at += 1;
      continue;
    }
    const mark = byteAt(bytes, at + 1);
    if (mark === endOfImage) {
      kept.push(bytes.subarray(at, at + 2));
      break;
    }
    if (mark === 0 || isAlone(mark)) {
      at += 2;
      continue;
    }
    const end = at + 2 + u16(bytes, at + 2);
    const isWhole = end <= bytes.length && end >= at + headBytes;
    if (!isWhole) {
      const rest = bytes.subarray(at);
      if (isNeeded(mark, rest)) kept.push(rest);
      break;
    }
    const segment = bytes.subarray(at, end);
    if (isFrame(mark)) frame ??= { height: u16(segment, 5), width: u16(segment, 7) };
    if (isExif(mark, segment)) orientation = orientationOf(segment.subarray(headBytes + 6));
    at = end;
    if (mark === startOfScan) {
      at = endOfScan(bytes, end);
      kept.push(segment, bytes.subarray(end, at));
    } else if (mark === app(0)) {
      if (saysAt(segment, headBytes, 'JFIF\0')) kept.push(withoutThumbnail(segment));
    } else if (isNeeded(mark, segment)) {
      kept.push(segment);
    }
  }

  if (orientation !== upright) {
    // JFIF has to be the first.
    const hasJfif = kept[1]?.[1] === app(0);
    kept.splice(hasJfif ? 2 : 1, 0, exifSegment(orientation));
  }
  const { width, height } = frame ?? { width: 0, height: 0 };
  return { type: 'image/jpeg', width, height, orientation, isAnimated: false, parts: kept };
}

/** A mark without a length: restarts, and one that means nothing. */
const isAlone = (mark: number) => mark === 0x01 || (mark >= 0xd0 && mark <= startOfImage);

/** All of the marks for a frame, which lie among others. */
function isFrame(mark: number): boolean {
  return mark >= 0xc0 && mark <= 0xcf && mark !== 0xc4 && mark !== 0xc8 && mark !== 0xcc;
}

const isExif = (mark: number, segment: Bytes) =>
  mark === app(1) && saysAt(segment, headBytes, 'Exif\0\0');

function isNeeded(mark: number, segment: Bytes): boolean {
  if (mark === comment) return false;
  if (mark < app(0) || mark > app(15)) return true;
  const isProfile = mark === app(2) && saysAt(segment, headBytes, 'ICC_PROFILE\0');
  return isProfile || (mark === app(14) && saysAt(segment, headBytes, 'Adobe'));
}

/** Where the coded pixels end that begin at `from`: at the next mark that is not part of them. */
function endOfScan(bytes: Bytes, from: number): number {
  let at = bytes.indexOf(0xff, from);
  while (at >= 0 && at + 1 < bytes.length) {
    const next = byteAt(bytes, at + 1);
    const isRestart = next >= 0xd0 && next <= 0xd7;
    if (next !== 0 && next !== 0xff && !isRestart) return at;
    at = bytes.indexOf(0xff, at + (next === 0xff ? 1 : 2));
  }
  return bytes.length;
}

/** A thumbnail may show what was cut away since. */
function withoutThumbnail(segment: Bytes): Bytes {
  if (segment.length <= jfifBytes + 2) return segment;
  const short = joined([segment.subarray(0, jfifBytes), Uint8Array.of(0, 0)]);
  short.set([0, short.length - 2], 2);
  return short;
}

function exifSegment(orientation: number): Bytes {
  const content = joined([bytesOf('Exif\0\0'), tiffOf(orientation)]);
  const length = content.length + 2;
  return joined([Uint8Array.of(0xff, app(1), length >> 8, length & 0xff), content]);
}
