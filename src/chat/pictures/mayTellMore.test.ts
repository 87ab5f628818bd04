import { describe, expect, it } from 'vitest';
import { bytesOf, joined } from './bytes';
import { mayTellMore } from './mayTellMore';

const boxOf = (...brands: string[]) => {
  const [major = '', ...others] = brands;
  const length = Uint8Array.of(0, 0, 0, 16 + 4 * others.length);
  return joined([
    length,
    bytesOf(`ftyp${major}\0\0\0\0${others.join('')}`),
    bytesOf('\0\0\0\x08mdat'),
  ]);
};

describe('a picture that may tell where and when it was taken', () => {
  it.each([
    ['HEIC', boxOf('heic', 'mif1', 'heic')],
    ['HEIF by one of its other brands', boxOf('xxxx', 'yyyy', 'mif1')],
    ['AVIF', boxOf('avif', 'mif1', 'miaf')],
    ['an AVIF that moves', boxOf('avis')],
    ['TIFF, little-endian', bytesOf('II*\0\x08\0\0\0')],
    ['TIFF, big-endian', bytesOf('MM\0*\0\0\0\x08')],
    ['BigTIFF', bytesOf('II+\0\x08\0\0\0')],
  ])('is known by its bytes: %s', (_, bytes) => {
    expect(mayTellMore(bytes)).toBe(true);
  });

  it.each([
    ['nothing', bytesOf('')],
    ['a film', boxOf('isom', 'iso2', 'mp41')],
    ['a film with a brand behind its first box', joined([boxOf('isom'), bytesOf('heic')])],
    ['a JPEG, from which it is taken', bytesOf('\xff\xd8\xff\xe1')],
    ['a text', bytesOf('II is two')],
  ])('is not %s', (_, bytes) => {
    expect(mayTellMore(bytes)).toBe(false);
  });
});
