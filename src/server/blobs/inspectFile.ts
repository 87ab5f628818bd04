/**
 * What a file truly is, as far as it claims to be a picture: its header says how wide and high it is, which
 * nobody need believe from who sent it. What claims to be a picture and is none is bytes like any other.
 */
import { GIF } from 'image-size/types/gif';
import { HEIF } from 'image-size/types/heif';
import type { ISizeCalculationResult } from 'image-size/types/interface';
import { JPG } from 'image-size/types/jpg';
import { PNG } from 'image-size/types/png';
import { WEBP } from 'image-size/types/webp';
import { limits } from '../../protocol/limits';
import { type BlobReader, BlobRefusedError, type FileFacts } from './blobs';

/** What browsers show, and the server knows how to read. */
const formats = [
  { type: 'image/png', ...PNG },
  { type: 'image/jpeg', ...JPG },
  { type: 'image/gif', ...GIF },
  { type: 'image/webp', ...WEBP },
  { type: 'image/avif', ...HEIF },
] as const;

/** A camera may put so much before a picture's size: colours, a small picture, where it was. */
const headerBytes = 512 * 1024;

/** From this orientation on (Exif 2.32, tag 274) a picture is shown on its side. */
const firstOnItsSide = 5;

interface Picture {
  readonly type: string;
  readonly width: number;
  readonly height: number;
}

/** Rejects with `file_refused` for a picture that would take too much memory to show. */
export async function inspectFile(facts: FileFacts, bytes: BlobReader): Promise<FileFacts> {
  const { sha256, name, size, type } = facts;
  if (!type.startsWith('image/')) return { sha256, name, size, type };
  const picture = pictureIn(await bytes.read(0, Math.min(headerBytes, bytes.size)));
  if (!picture) return { sha256, name, size, type: 'application/octet-stream' };
  const { width, height } = picture;
  const isTooLong = Math.max(width, height) > limits.pictureSide;
  if (isTooLong || width * height > limits.picturePixels) {
    const most = `${limits.picturePixels} pixels, ${limits.pictureSide} a side`;
    const message = `a picture has at most ${most}: this one is ${width} by ${height}`;
    throw new BlobRefusedError('file_refused', message);
  }
  // Some formats turn a picture beside its size: who sent it has seen that.
  const isTurned = facts.width === height && facts.height === width;
  const shown = isTurned ? { width: height, height: width } : { width, height };
  return { sha256, name, size, type: picture.type, ...shown };
}

/** Undefined for what is no picture that browsers show. */
function pictureIn(header: Uint8Array): Picture | undefined {
  try {
    const format = formats.find(({ validate }) => validate(header));
    const found = format?.calculate(header);
    if (!format || !found) return undefined;
    // HEIC is a relative that browsers do not show.
    if (format.type === 'image/avif' && found.type !== 'avif') return undefined;
    const { width, height } = largestOf(found);
    if (!isSide(width) || !isSide(height)) return undefined;
    const isOnItsSide = (found.orientation ?? 1) >= firstOnItsSide;
    const size = isOnItsSide ? { width: height, height: width } : { width, height };
    return { type: format.type, ...size };
  } catch {
    // Damaged, or cut before its size.
    return undefined;
  }
}

const isSide = (side: number) => Number.isSafeInteger(side) && side > 0;

/** A file of several pictures is unpacked as the largest. */
function largestOf(found: ISizeCalculationResult) {
  const all = [found, ...(found.images ?? [])];
  return all.reduce((a, b) => (b.width * b.height > a.width * a.height ? b : a));
}
