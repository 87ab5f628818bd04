import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzzing } from '../../testing/fuzzing';
import { type Bytes, bytesOf, joined } from './bytes';
import { orientationOf, tiffOf } from './orientation';
import { crc32 } from './png';
import { stripMetadata } from './stripMetadata';

/** What must not be in anything that leaves. */
const secret = 'at 52.5163 N 13.3777 E';

const be16 = (value: number) => Uint8Array.of(value >> 8, value & 0xff);
const be32 = (value: number) =>
  Uint8Array.of(value >>> 24, (value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff);
const le32 = (value: number) => be32(value).reverse();

/** An Exif structure, as cameras write it: how the picture is turned, and where it was taken. */
function exifOf(orientation: number, isLittle = false): Bytes {
  const short = (value: number) => (isLittle ? be16(value).reverse() : be16(value));
  const long = (value: number) => (isLittle ? le32(value) : be32(value));
  return joined([
    bytesOf(isLittle ? 'II' : 'MM'),
    ...[short(42), long(8), short(2)],
    ...[short(0x010e), short(2), long(secret.length), long(38)],
    ...[short(0x0112), short(3), long(1), short(orientation), short(0)],
    long(0),
    bytesOf(secret),
  ]);
}

const segment = (mark: number, content: Bytes) =>
  joined([Uint8Array.of(0xff, mark), be16(content.length + 2), content]);
const exifSegment = (orientation: number, isLittle = false) =>
  segment(0xe1, joined([bytesOf('Exif\0\0'), exifOf(orientation, isLittle)]));

const jpegStart = Uint8Array.of(0xff, 0xd8);
const jpegEnd = Uint8Array.of(0xff, 0xd9);
const jfif = segment(0xe0, joined([bytesOf('JFIF\0'), Uint8Array.of(1, 1, 0, 0, 1, 0, 1, 0, 0)]));
const profile = segment(0xe2, bytesOf('ICC_PROFILE\0 colours'));
const adobe = segment(0xee, bytesOf('Adobe how they are coded'));
const tables = segment(0xdb, new Uint8Array(65).fill(7));
/** 640 pixels wide, 480 high. */
const frame = segment(0xc0, Uint8Array.of(8, 1, 0xe0, 2, 0x80, 1, 1, 0x11, 0));
/** Pixels with everything in them that looks like a mark and is none. */
const scan = joined([
  segment(0xda, Uint8Array.of(1, 1, 0, 0, 63, 0)),
  Uint8Array.of(1, 2, 0xff, 0, 3, 0xff, 0xd0, 4, 0xff, 0, 5),
]);

const chunk = (type: string, content: Bytes) => {
  const named = joined([bytesOf(type), content]);
  return joined([be32(content.length), named, be32(crc32(named))]);
};
const pngStart = bytesOf('\x89PNG\r\n\x1a\n');
const header = chunk('IHDR', joined([be32(640), be32(480), Uint8Array.of(8, 2, 0, 0, 0)]));
const pixels = chunk('IDAT', bytesOf('pixels'));
const pngEnd = chunk('IEND', new Uint8Array(0));

const riffChunk = (type: string, content: Bytes) =>
  joined([bytesOf(type), le32(content.length), content, new Uint8Array(content.length % 2)]);
const webpOf = (...chunks: Bytes[]) => {
  const all = joined([bytesOf('WEBP'), ...chunks]);
  return joined([bytesOf('RIFF'), le32(all.length), all]);
};
const extended = (flags: number) =>
  riffChunk('VP8X', Uint8Array.of(flags, 0, 0, 0, 0x7f, 2, 0, 0xdf, 1, 0));
const lossy = riffChunk('VP8 ', Uint8Array.of(0, 0, 0, 0x9d, 1, 0x2a, 0x80, 2, 0xe0, 1, 1, 2, 3));

/** 640 pixels wide, 480 high, with a palette of two colours. */
const gifStart = joined([
  bytesOf('GIF89a'),
  Uint8Array.of(0x80, 2, 0xe0, 1, 0x80, 0, 0, 0, 0, 0, 255, 255, 255),
]);
const blocks = (...contents: Bytes[]) =>
  joined([...contents.flatMap((each) => [Uint8Array.of(each.length), each]), Uint8Array.of(0)]);
const extension = (label: number, ...contents: Bytes[]) =>
  joined([Uint8Array.of(0x21, label), blocks(...contents)]);
const application = (name: string, content: Bytes) => extension(0xff, bytesOf(name), content);
const note = extension(0xfe, bytesOf(secret), bytesOf('and more'));
const wait = extension(0xf9, Uint8Array.of(0, 10, 0, 0));
/** With a palette of its own. */
const image = joined([
  Uint8Array.of(0x2c, 0, 0, 0, 0, 0x80, 2, 0xe0, 1, 0x80, 1, 2, 3, 4, 5, 6, 2),
  blocks(bytesOf('pixels'), bytesOf('!\xfe;')),
]);
const gifEnd = bytesOf(';');

const textOf = (bytes: Bytes) => Buffer.from(bytes).toString('latin1');
const stripped = (file: Bytes) => {
  const clean = stripMetadata(file);
  if (!clean) throw new Error('it was taken for no picture');
  return { ...clean, bytes: joined(clean.parts) };
};

describe('a JPEG', () => {
  it('loses everything but the picture, and what its colours need', () => {
    const file = joined([
      ...[
        jpegStart,
        jfif,
        exifSegment(1),
        segment(0xe1, bytesOf(`http://ns.adobe.com/xap ${secret}`)),
      ],
      ...[profile, segment(0xe2, bytesOf(`MPF\0${secret}`)), segment(0xed, bytesOf(secret)), adobe],
      ...[segment(0xfe, bytesOf(secret)), tables, frame, scan, jpegEnd, bytesOf(secret)],
    ]);
    const { bytes, ...clean } = stripped(file);
    expect(bytes).toEqual(joined([jpegStart, jfif, profile, adobe, tables, frame, scan, jpegEnd]));
    expect(clean).toMatchObject({ type: 'image/jpeg', width: 640, height: 480, orientation: 1 });
  });

  it.each([2, 3, 6, 8])('stays turned as it was: %i', (orientation) => {
    for (const isLittle of [false, true]) {
      const file = joined([
        jpegStart,
        jfif,
        exifSegment(orientation, isLittle),
        frame,
        scan,
        jpegEnd,
      ]);
      const { bytes } = stripped(file);
      expect(stripped(bytes).orientation).toBe(orientation);
      expect(textOf(bytes)).not.toContain(secret);
      // JFIF has to be the first.
      expect(bytes.subarray(2, 2 + jfif.length)).toEqual(jfif);
    }
  });

  it('loses the thumbnail that may show what was cut away since', () => {
    const content = joined([
      bytesOf('JFIF\0'),
      Uint8Array.of(1, 1, 0, 0, 1, 0, 1, 1, 1),
      bytesOf('old'),
    ]);
    const { bytes } = stripped(joined([jpegStart, segment(0xe0, content), frame, scan, jpegEnd]));
    expect(bytes).toEqual(joined([jpegStart, jfif, frame, scan, jpegEnd]));
  });

  it('may have many scans, and metadata between them', () => {
    const file = joined([jpegStart, frame, scan, segment(0xfe, bytesOf(secret)), scan, jpegEnd]);
    expect(stripped(file).bytes).toEqual(joined([jpegStart, frame, scan, scan, jpegEnd]));
  });

  it('that was cut short keeps what there is of it', () => {
    const file = joined([jpegStart, exifSegment(1), frame, scan.subarray(0, -3)]);
    expect(stripped(file).bytes).toEqual(joined([jpegStart, frame, scan.subarray(0, -3)]));
  });

  it('that was cut short before its pixels, or in its metadata, loses what metadata there is', () => {
    const exif = exifSegment(1);
    const comment = segment(0xfe, bytesOf(secret));
    const early = joined([jpegStart, jfif, exif, tables, frame.subarray(0, 7)]);
    expect(stripped(early)).toMatchObject({
      ...{ type: 'image/jpeg', width: 0, height: 0 },
      bytes: joined([jpegStart, jfif, tables, frame.subarray(0, 7)]),
    });
    for (const before of [[], [frame, scan]]) {
      for (const cut of [exif, comment]) {
        const file = joined([jpegStart, jfif, ...before, cut.subarray(0, -1)]);
        expect(stripped(file).bytes).toEqual(joined([jpegStart, jfif, ...before]));
      }
    }
  });
});

describe('a PNG', () => {
  it('loses everything but the picture, and what its colours need', () => {
    const gamma = chunk('gAMA', be32(45_455));
    const texts = ['tEXt', 'zTXt', 'iTXt', 'tIME', 'caBX', 'eXIf'].map((type) =>
      chunk(type, type === 'eXIf' ? exifOf(1) : bytesOf(secret)),
    );
    const file = joined([pngStart, header, ...texts, gamma, pixels, pngEnd, bytesOf(secret)]);
    const { bytes, ...clean } = stripped(file);
    expect(bytes).toEqual(joined([pngStart, header, gamma, pixels, pngEnd]));
    expect(clean).toMatchObject({ type: 'image/png', width: 640, height: 480, isAnimated: false });
  });

  it('stays turned as it was', () => {
    const file = joined([pngStart, header, chunk('eXIf', exifOf(6)), pixels, pngEnd]);
    const { bytes } = stripped(file);
    expect(bytes).toEqual(joined([pngStart, header, chunk('eXIf', tiffOf(6)), pixels, pngEnd]));
  });

  it('that was cut short before its pixels, or in its metadata, loses what metadata there is', () => {
    const text = chunk('tEXt', bytesOf(secret));
    const early = joined([pngStart, header, text, chunk('gAMA', be32(1)), text.subarray(0, -6)]);
    expect(stripped(early).bytes).toEqual(joined([pngStart, header, chunk('gAMA', be32(1))]));
    expect(stripped(joined([pngStart, text])).bytes).toEqual(pngStart);
  });

  it('goes on moving', () => {
    const moving = [chunk('acTL', bytesOf('12345678')), pixels, chunk('fdAT', bytesOf('more'))];
    const file = joined([pngStart, header, ...moving, pngEnd]);
    expect(stripped(file)).toMatchObject({ isAnimated: true, bytes: file });
  });
});

describe('a WebP', () => {
  it('loses everything but the picture, and what its colours need', () => {
    const colours = riffChunk('ICCP', bytesOf('colours'));
    const file = webpOf(
      ...[extended(0x2c), colours, lossy, riffChunk('EXIF', exifOf(1))],
      ...[riffChunk('XMP ', bytesOf(secret)), riffChunk('what', bytesOf(secret))],
    );
    const { bytes, ...clean } = stripped(file);
    expect(bytes).toEqual(webpOf(extended(0x20), colours, lossy));
    expect(clean).toMatchObject({ type: 'image/webp', width: 640, height: 480, orientation: 1 });
  });

  it('stays turned as it was', () => {
    const { bytes } = stripped(webpOf(extended(0x08), lossy, riffChunk('EXIF', exifOf(8, true))));
    expect(bytes).toEqual(webpOf(extended(0x08), lossy, riffChunk('EXIF', tiffOf(8))));
  });

  it('that was cut short before its pixels loses what metadata there is', () => {
    const early = webpOf(extended(0x08), riffChunk('EXIF', exifOf(1)), lossy).subarray(0, -30);
    expect(stripped(early).bytes).toEqual(webpOf(extended(0)));
    const unknown = webpOf(riffChunk('what', bytesOf('colours')), riffChunk('EXIF', exifOf(1)));
    expect(stripped(unknown).bytes).toEqual(webpOf());
  });

  it('whose length is wrong keeps its pixels all the same', () => {
    const file = webpOf(extended(0), lossy);
    file.set(le32(0), 4);
    expect(stripped(file).bytes).toEqual(webpOf(extended(0), lossy));
  });

  it('goes on moving, with nothing hidden in its frames', () => {
    const place = new Uint8Array(16);
    const frameOf = (...inner: Bytes[]) => riffChunk('ANMF', joined([place, ...inner]));
    const file = webpOf(extended(0x02), frameOf(lossy, riffChunk('what', bytesOf(secret))));
    expect(stripped(file)).toMatchObject({
      isAnimated: true,
      bytes: webpOf(extended(0x02), frameOf(lossy)),
    });
  });

  it('of the plain kinds is left as it is', () => {
    const lossless = riffChunk('VP8L', Uint8Array.of(0x2f, 0x7f, 0xc2, 0x77, 0, 9));
    expect(stripped(webpOf(lossy))).toMatchObject({
      width: 640,
      height: 480,
      bytes: webpOf(lossy),
    });
    expect(stripped(webpOf(lossless))).toMatchObject({ width: 640, height: 480 });
  });
});

describe('a GIF', () => {
  it('loses its comments and what programs say in it, and goes on moving', () => {
    const xmp = application('XMP DataXMP', bytesOf(secret));
    const file = joined([
      ...[gifStart, application('NETSCAPE2.0', Uint8Array.of(1, 0, 0)), xmp, note, wait, image],
      ...[application('ICCRGBG1012', bytesOf(secret)), note, wait, image, gifEnd, bytesOf(secret)],
    ]);
    const { bytes, ...clean } = stripped(file);
    expect(bytes).toEqual(
      joined([
        ...[gifStart, application('NETSCAPE2.0', Uint8Array.of(1, 0, 0)), wait, image],
        ...[wait, image, gifEnd],
      ]),
    );
    expect(clean).toMatchObject({ type: 'image/gif', width: 640, height: 480, isAnimated: true });
  });

  it('keeps how often it moves, by either name', () => {
    const loop = application('ANIMEXTS1.0', Uint8Array.of(1, 0, 0));
    expect(stripped(joined([gifStart, loop, image, gifEnd])).bytes).toEqual(
      joined([gifStart, loop, image, gifEnd]),
    );
  });

  it('of one picture does not move', () => {
    expect(stripped(joined([gifStart, image, gifEnd])).isAnimated).toBe(false);
  });

  it('that was cut short keeps what there is of its picture, and nothing else', () => {
    const start = joined([gifStart, wait]);
    expect(stripped(joined([start, note.subarray(0, -3)])).bytes).toEqual(start);
    expect(stripped(joined([start, image.subarray(0, -3)])).bytes).toEqual(
      joined([start, image.subarray(0, -3)]),
    );
  });
});

describe('whatever comes', () => {
  const noise = fc.uint8Array({ maxLength: 40 }).map((bytes) => new Uint8Array(bytes));
  const application = fc.constantFrom(0xe1, 0xe3, 0xec, 0xed, 0xef, 0xfe);
  const jpeg = fc
    .tuple(fc.array(fc.tuple(application, noise)), fc.integer({ min: 1, max: 8 }))
    .map(([others, orientation]) => ({
      orientation,
      pixels: [tables, frame, scan, jpegEnd],
      file: joined([
        ...[jpegStart, jfif, exifSegment(orientation)],
        ...others.map(([mark, content]) => segment(mark, joined([bytesOf(secret), content]))),
        ...[tables, frame, scan, jpegEnd],
      ]),
    }));
  const png = fc
    .tuple(fc.array(noise), fc.integer({ min: 1, max: 8 }))
    .map(([others, orientation]) => ({
      orientation,
      pixels: [pixels, pngEnd],
      file: joined([
        ...[pngStart, header, chunk('eXIf', exifOf(orientation))],
        ...others.map((content) => chunk('iTXt', joined([bytesOf(secret), content]))),
        ...[pixels, pngEnd],
      ]),
    }));
  const webp = fc
    .tuple(fc.array(noise), fc.integer({ min: 1, max: 8 }))
    .map(([others, orientation]) => ({
      orientation,
      pixels: [lossy],
      file: webpOf(
        ...[extended(0x0c), lossy, riffChunk('EXIF', exifOf(orientation))],
        ...others.map((content) => riffChunk('XMP ', joined([bytesOf(secret), content]))),
      ),
    }));
  const picture = fc.oneof(jpeg, png, webp);

  it('says nothing but its pixels and how they are turned', () => {
    fc.assert(
      fc.property(picture, ({ file, orientation, pixels: kept }) => {
        const clean = stripped(file);
        expect(textOf(clean.bytes)).not.toContain(secret);
        expect(textOf(clean.bytes)).toContain(textOf(joined(kept)));
        expect(clean).toMatchObject({ width: 640, height: 480, orientation });
        // What is clean is left as it is.
        expect(stripped(clean.bytes).bytes).toEqual(clean.bytes);
      }),
    );
  });

  it('is left alone if it is no picture, and harms nobody', () => {
    fc.assert(
      fc.property(noise, (bytes) => {
        expect(stripMetadata(bytes)).toBeUndefined();
      }),
    );
    for (const text of ['', '<svg onload="x"/>', 'GIF89a', '%PDF-1.7', 'RIFF\0\0\0\0WAVE']) {
      expect(stripMetadata(bytesOf(text))).toBeUndefined();
    }
  });

  it('may be cut anywhere, and have any byte changed', () => {
    fc.assert(
      fc.property(picture, fc.nat(), fc.nat(), fc.nat(255), ({ file }, end, at, byte) => {
        const broken = file.slice(0, end % file.length);
        if (broken.length > 0) broken[at % broken.length] = byte;
        const clean = stripMetadata(broken);
        const length = clean ? joined(clean.parts).length : 0;
        // No more than the word on how it is turned is ever added.
        expect(length).toBeLessThan(broken.length + 60);
      }),
      fuzzing(500),
    );
  });
});

describe('how a picture is turned', () => {
  it('is read as it is written, and upright where it makes no sense', () => {
    for (const value of [1, 2, 3, 4, 5, 6, 7, 8]) expect(orientationOf(tiffOf(value))).toBe(value);
    expect(orientationOf(exifOf(0))).toBe(1);
    expect(orientationOf(exifOf(9, true))).toBe(1);
    expect(orientationOf(bytesOf('MM\0*\xff\xff\xff\xff'))).toBe(1);
  });
});
