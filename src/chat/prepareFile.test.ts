import { describe, expect, it } from 'vitest';
import { limits } from '../protocol/limits';
import { digestOf, unreadableFile } from '../testing/fileBytes';
import { bytesOf, joined } from './pictures/bytes';
import { crc32 } from './pictures/png';
import { type DecodedPicture, heavyBytes, prepareFile } from './prepareFile';

const be32 = (value: number) =>
  Uint8Array.of(value >>> 24, (value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff);
const chunk = (type: string, content: Uint8Array<ArrayBuffer>) => {
  const named = joined([bytesOf(type), content]);
  return joined([be32(content.length), named, be32(crc32(named))]);
};
/** With a comment that says where it was taken. */
const pngOf = (width: number, height: number, pixelBytes = 1_000) =>
  joined([
    bytesOf('\x89PNG\r\n\x1a\n'),
    chunk('IHDR', joined([be32(width), be32(height), Uint8Array.of(8, 2, 0, 0, 0)])),
    chunk('tEXt', bytesOf('at home')),
    chunk('IDAT', new Uint8Array(pixelBytes)),
    chunk('IEND', new Uint8Array(0)),
  ]);
const bytesIn = async (blob: Blob | undefined) => new Uint8Array((await blob?.arrayBuffer()) ?? []);

/** A browser that decodes everything to this size, and codes so many bytes. */
function browserOf(width: number, height: number, drawnBytes = 200) {
  const drawn: [number, number][] = [];
  let open = 0;
  return {
    drawn,
    isAllClosed: () => open === 0,
    async decode(): Promise<DecodedPicture> {
      open += 1;
      return {
        width,
        height,
        async draw(...size) {
          drawn.push(size);
          return new Blob([new Uint8Array(drawnBytes)], { type: 'image/webp' });
        },
        close() {
          open -= 1;
        },
      };
    },
  };
}
const blind = () => Promise.reject(new Error('no picture'));

describe('a file that is no picture', () => {
  it('goes as it is, by its digest', async () => {
    const text = bytesOf('hello');
    const prepared = await prepareFile(new Blob([text]), 'Text/Plain; charset=utf-8', blind);
    expect(prepared.facts).toEqual({
      whole: { sha256: digestOf(text), type: 'text/plain', size: 5 },
    });
    expect(await bytesIn(prepared.bytes.whole)).toEqual(text);
  });

  it.each(['', 'picture', 'image/', '../etc', `x/${'y'.repeat(200)}`])(
    'has no type that makes no sense: %j',
    async (type) => {
      const { facts } = await prepareFile(new Blob(['x']), type, blind);
      expect(facts.whole.type).toBe('application/octet-stream');
    },
  );

  it('that cannot be read says so', async () => {
    const gone = await unreadableFile();
    await expect(prepareFile(gone, 'text/plain', blind)).rejects.toThrow('could not be read');
  });
});

describe('a picture', () => {
  it('loses what it tells beside its pixels, and is known by what is left', async () => {
    const file = pngOf(64, 48);
    const { facts, bytes } = await prepareFile(
      new Blob([file]),
      'image/png',
      browserOf(64, 48).decode,
    );
    const left = await bytesIn(bytes.whole);
    expect(Buffer.from(left).includes('at home')).toBe(false);
    expect(facts).toEqual({
      whole: {
        sha256: digestOf(left),
        type: 'image/png',
        size: left.length,
        width: 64,
        height: 48,
      },
    });
  });

  it('is what its bytes say, whatever it is called', async () => {
    const { facts } = await prepareFile(new Blob([pngOf(64, 48)]), 'image/jpeg', blind);
    expect(facts.whole.type).toBe('image/png');
  });

  it('that is large has a preview with the same shape', async () => {
    const browser = browserOf(4_000, 3_000);
    const { facts, bytes } = await prepareFile(new Blob([pngOf(4_000, 3_000)]), '', browser.decode);
    expect(browser.drawn).toEqual([[1_280, 960]]);
    expect(facts.preview).toMatchObject({
      type: 'image/webp',
      size: 200,
      width: 1_280,
      height: 960,
    });
    expect(facts.preview?.sha256).toBe(digestOf(await bytesIn(bytes.preview)));
    expect(browser.isAllClosed()).toBe(true);
  });

  it('that is heavy has one of its own size, unless that is hardly lighter', async () => {
    const heavy = new Blob([pngOf(640, 480, heavyBytes)]);
    const light = await prepareFile(heavy, 'image/png', browserOf(640, 480).decode);
    expect(light.facts.preview).toMatchObject({ width: 640, height: 480 });
    const same = await prepareFile(heavy, 'image/png', browserOf(640, 480, heavyBytes).decode);
    expect(same.facts.preview).toBeUndefined();
  });

  it('that moves has none: a still one would be another picture', async () => {
    const { decode, drawn } = browserOf(4_000, 3_000);
    const { facts } = await prepareFile(new Blob(['GIF89a']), 'image/gif', decode);
    expect(facts.whole).toMatchObject({ type: 'image/gif', width: 4_000 });
    expect(drawn).toEqual([]);
  });

  it('of more pixels than anybody can show goes as a file like others, and is not unpacked here', async () => {
    const side = Math.ceil(Math.sqrt(limits.picturePixels)) + 1;
    const unpack = () => {
      throw new Error('it was unpacked');
    };
    const { facts } = await prepareFile(new Blob([pngOf(side, side)]), 'image/png', unpack);
    expect(facts.whole.type).toBe('application/octet-stream');
    expect(facts.whole.width).toBeUndefined();
  });

  it('that this browser cannot decode goes without its size', async () => {
    const { facts } = await prepareFile(new Blob([pngOf(64, 48)]), 'image/png', blind);
    expect(facts.whole).toMatchObject({ type: 'image/png' });
    expect(facts.whole.width).toBeUndefined();
  });
});
