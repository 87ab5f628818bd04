/** What files claim to be and what they are, by headers that are made as their formats have them. */
import { describe, expect, it } from 'vitest';
import { limits } from '../../protocol/limits';
import type { FileFacts } from './blobs';
import { inspectFile } from './inspectFile';
import { bytesOf, factsOf, pngOf } from './testFiles';

const ascii = (text: string) => [...new TextEncoder().encode(text)];
const be16 = (n: number) => [n >> 8, n & 255];
const be32 = (n: number) => [n >>> 24, (n >> 16) & 255, (n >> 8) & 255, n & 255];
const le16 = (n: number) => [n & 255, n >> 8];
const le24 = (n: number) => [n & 255, (n >> 8) & 255, n >> 16];

/** As cameras write it: an APP1 segment with the orientation (Exif 2.32, tag 274) before the size. */
function jpegOf(width: number, height: number, orientation: number) {
  const entry = [...be16(274), ...be16(3), ...be32(1), ...be16(orientation), 0, 0];
  const tiff = [...ascii('MM'), ...be16(42), ...be32(8), ...be16(1), ...entry, ...be32(0)];
  const exif = [...ascii('Exif'), 0, 0, ...tiff];
  const size = [8, ...be16(height), ...be16(width), 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1];
  return Uint8Array.from([
    ...[0xff, 0xd8, 0xff, 0xe1, ...be16(exif.length + 2), ...exif],
    ...[0xff, 0xc0, ...be16(size.length + 2), ...size, 0xff, 0xd9],
  ]);
}

const gifOf = (width: number, height: number) =>
  Uint8Array.from([...ascii('GIF89a'), ...le16(width), ...le16(height), 0, 0, 0]);

function webpOf(width: number, height: number) {
  const canvas = [0, 0, 0, 0, ...le24(width - 1), ...le24(height - 1)];
  const chunks = [...ascii('WEBPVP8X'), ...[10, 0, 0, 0], ...canvas];
  return Uint8Array.from([...ascii('RIFF'), ...[chunks.length, 0, 0, 0], ...chunks]);
}

const box = (name: string, ...content: number[]) => [
  ...be32(content.length + 8),
  ...ascii(name),
  ...content,
];

function avifOf(sizes: readonly [number, number][], brand = 'avif') {
  const all = sizes.flatMap(([width, height]) =>
    box('ispe', 0, 0, 0, 0, ...be32(width), ...be32(height)),
  );
  const ipco = box('ipco', ...all);
  return Uint8Array.from([
    ...box('ftyp', ...ascii(brand), 0, 0, 0, 0, ...ascii('mif1')),
    ...box('meta', 0, 0, 0, 0, ...box('iprp', ...ipco)),
  ]);
}

async function inspect(bytes: Uint8Array<ArrayBuffer>, fields: Partial<FileFacts> = {}) {
  const facts = factsOf(bytes, { type: 'image/png', ...fields });
  const { type, width, height } = await inspectFile(facts, {
    size: bytes.length,
    read: async (from, to) => bytes.slice(from, to),
    async close() {},
  });
  return { type, width, height };
}

const noPicture = { type: 'application/octet-stream', width: undefined, height: undefined };

describe('a picture', () => {
  it.each([
    ['image/png', pngOf(640, 480)],
    ['image/jpeg', jpegOf(640, 480, 1)],
    ['image/gif', gifOf(640, 480)],
    ['image/webp', webpOf(640, 480)],
    ['image/avif', avifOf([[640, 480]])],
  ])('is %s by its bytes, as wide and high as they say', async (type, bytes) => {
    expect(await inspect(bytes, { width: 1, height: 1 })).toEqual({
      type,
      width: 640,
      height: 480,
    });
  });

  it('that lies on its side is told as it is shown', async () => {
    for (const orientation of [5, 6, 7, 8]) {
      const size = { width: 480, height: 640 };
      expect(await inspect(jpegOf(640, 480, orientation))).toMatchObject(size);
    }
    expect(await inspect(jpegOf(640, 480, 3))).toMatchObject({ width: 640, height: 480 });
    // Where only who sent it knows that it is turned.
    const shown = { width: 480, height: 640 };
    expect(await inspect(avifOf([[640, 480]]), shown)).toMatchObject(shown);
  });

  it('that takes too much memory to show is refused, whatever was announced', async () => {
    const { pictureSide, picturePixels } = limits;
    const side = Math.floor(Math.sqrt(picturePixels));
    expect(await inspect(pngOf(side, side))).toMatchObject({ width: side });
    const small = { width: 1, height: 1 };
    for (const bomb of [
      pngOf(side + 1, side + 1),
      pngOf(pictureSide + 1, 1),
      webpOf(pictureSide, pictureSide),
      // The largest of several counts.
      avifOf([
        [1, 1],
        [16_000, 16_000],
      ]),
    ]) {
      await expect(inspect(bomb, small)).rejects.toMatchObject({ code: 'file_refused' });
    }
  });
});

describe('what claims to be a picture and is none', () => {
  it.each([
    ['nothing known', bytesOf(1_000)],
    ['a single byte', bytesOf(1)],
    ['a PNG of no size', pngOf(0, 480)],
    ['a JPEG that ends before its size', jpegOf(640, 480, 1).slice(0, 30)],
    ['a WebP of a kind that is none', Uint8Array.from(ascii('RIFF....WEBPVP8?..........'))],
    ['a HEIC, which browsers do not show', avifOf([[640, 480]], 'heic')],
    [
      'an SVG, which may have a script',
      Uint8Array.from(ascii('<svg xmlns="a" width="9" height="9"/>')),
    ],
    ['a page', Uint8Array.from(ascii('<!doctype html><script>alert(1)</script>'))],
  ])('is bytes like any other: %s', async (_, bytes) => {
    expect(await inspect(bytes, { width: 640, height: 480 })).toEqual(noPicture);
    expect(await inspect(bytes, { type: 'image/svg+xml' })).toEqual(noPicture);
  });

  it('and what claims to be none has no size, and keeps its type', async () => {
    const claimed = { type: 'application/pdf', width: 3, height: 4 };
    const { type } = claimed;
    expect(await inspect(bytesOf(9), claimed)).toEqual({ ...noPicture, type });
  });
});
