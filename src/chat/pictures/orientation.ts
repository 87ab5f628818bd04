/**
 * The one thing of a picture's Exif that is needed to show it: how it is turned. Read from the TIFF structure that
 * Exif is (TIFF 6.0, section 2), and written as one that says nothing else.
 */
import { type Bytes, saysAt, u16, u16le, u32, u32le } from './bytes';

/** As it is stored. */
export const upright = 1;

const orientationTag = 0x0112;
const shortType = 3;
const entryBytes = 12;

/** 1 to 8; `upright` where nothing that can be read says otherwise. */
export function orientationOf(tiff: Bytes): number {
  const isLittle = saysAt(tiff, 0, 'II');
  if (!isLittle && !saysAt(tiff, 0, 'MM')) return upright;
  const short = isLittle ? u16le : u16;
  const long = isLittle ? u32le : u32;
  const directory = long(tiff, 4);
  const count = Math.min(short(tiff, directory), Math.floor(tiff.length / entryBytes));
  for (let index = 0; index < count; index += 1) {
    const entry = directory + 2 + index * entryBytes;
    if (short(tiff, entry) !== orientationTag) continue;
    const value = short(tiff, entry + 8);
    const isKnown = short(tiff, entry + 2) === shortType && value >= 1 && value <= 8;
    return isKnown ? value : upright;
  }
  return upright;
}

/** Big-endian: a header, a directory with one entry, and no other behind it. */
export function tiffOf(orientation: number): Bytes {
  return Uint8Array.from([
    ...[0x4d, 0x4d, 0, 42, 0, 0, 0, 8],
    ...[0, 1],
    ...[orientationTag >> 8, orientationTag & 0xff, 0, shortType, 0, 0, 0, 1, 0, orientation, 0, 0],
    ...[0, 0, 0, 0],
  ]);
}
