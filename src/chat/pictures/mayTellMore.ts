/**
 * Pictures of kinds from which nothing is taken before they leave: HEIC, HEIF and AVIF (ISO 14496-12, section 4.3;
 * ISO 23008-12) and TIFF, which the raw pictures of cameras are too. Who sends one is told.
 */
import { type Bytes, saysAt, textAt, u32 } from './bytes';

/** So much of a file's beginning says what it is. */
export const tellingBytes = 256;

const brands = new Set([
  ...['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs'],
  ...['mif1', 'mif2', 'msf1', 'miaf', 'avif', 'avis'],
]);
const tiffs = ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'];

/** By a file's first `tellingBytes`, whatever it is called: it may tell where and when it was taken. */
export function mayTellMore(head: Bytes): boolean {
  if (tiffs.some((each) => saysAt(head, 0, each))) return true;
  if (!saysAt(head, 4, 'ftyp')) return false;
  const end = Math.min(u32(head, 0), head.length);
  // The first brand, and behind its version those that it goes by as well.
  for (let at = 8; at + 4 <= end; at += 4) if (brands.has(textAt(head, at, 4))) return true;
  return false;
}
