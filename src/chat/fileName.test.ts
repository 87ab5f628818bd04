import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { fileNameSchema } from '../protocol/file';
import { cleanFileName } from './fileName';

describe('the name of a file', () => {
  it('stays what it is where it hides nothing', () => {
    for (const name of ['plan.pdf', '海边 2.jpg', '.bashrc', 'a b.tar.gz']) {
      expect(cleanFileName(name)).toBe(name);
    }
  });

  it('has no folders, and nothing that cannot be seen', () => {
    expect(cleanFileName('../../etc/passwd')).toBe('.._.._etc_passwd');
    expect(cleanFileName('C:\\photo\u202egpj.exe')).toBe('C:_photo_gpj.exe');
    expect(cleanFileName(' a\nb ')).toBe('a_b');
  });

  it('is a word where there is none', () => {
    for (const name of ['', '  ', '..', '...']) expect(cleanFileName(name)).toBe('file');
  });

  it('is cut in front of its ending', () => {
    const cut = cleanFileName(`${'海'.repeat(300)}.jpeg`);
    expect([...cut]).toHaveLength(200);
    expect(cut.endsWith('海.jpeg')).toBe(true);
  });

  it('may be sent, whatever it was', () => {
    const anything = fc.string({ unit: 'binary', maxLength: 400 });
    fc.assert(
      fc.property(anything, (name) => {
        expect(v.is(fileNameSchema, cleanFileName(name))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});
