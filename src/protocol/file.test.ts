import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { fileNameSchema, fileSchema, fileTypeSchema } from './file';
import { limits } from './limits';

const picture = { sha256: 'a'.repeat(64), name: 'a.png', type: 'image/png', size: 5 };

describe("a file's name", () => {
  it.each(['a.png', '报告 2.pdf', '.profile', 'a..b', '👩‍👩‍👧.txt'.replaceAll('\u200d', '')])(
    'may be %j',
    (name) => expect(v.parse(fileNameSchema, name)).toBe(name),
  );

  it('is trimmed', () => expect(v.parse(fileNameSchema, ' a.png ')).toBe('a.png'));

  it.each([
    ['empty', ' '],
    ['a path', '../../etc/passwd'],
    ['a path of Windows', '..\\a'],
    ['the folder above', '..'],
    ['a line break', 'a\nb'],
    ['a mark that turns the text round', 'a\u202egnp.exe'],
    ['half a character', 'a\ud800'],
    ['too long', 'x'.repeat(limits.fileNameLength + 1)],
  ])('is refused: %s', (_, name) => expect(v.is(fileNameSchema, name)).toBe(false));
});

describe("a file's type", () => {
  it.each(['image/png', 'application/vnd.oasis.opendocument.text', 'image/svg+xml'])(
    'may be %s',
    (type) => expect(v.is(fileTypeSchema, type)).toBe(true),
  );
  it.each(['', 'png', 'text/html; charset=utf-8', 'Image/PNG', 'a/b/c', 'a/b\r\nX: y'])(
    'is refused: %j',
    (type) => expect(v.is(fileTypeSchema, type)).toBe(false),
  );
});

describe('a file', () => {
  it('may have the size that it is shown in', () => {
    const whole = { ...picture, width: 40, height: 30 };
    expect(v.parse(fileSchema, whole)).toEqual(whole);
  });

  it.each([
    ['empty', { size: 0 }],
    ['with a digest of another kind', { sha256: 'A'.repeat(64) }],
    ['as wide as no screen', { width: limits.pictureSide + 1 }],
  ])('is refused: %s', (_, fields) => {
    expect(v.is(fileSchema, { ...picture, ...fields })).toBe(false);
  });
});
