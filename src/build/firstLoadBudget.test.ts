import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type BuiltFile, firstLoadOf, wordsFor } from './firstLoadBudget';

function fileOf(fileName: string, fields: Partial<BuiltFile> = {}): BuiltFile {
  return { fileName, code: fileName, isEntry: false, isWorker: false, imports: [], ...fields };
}

const namesOf = (...files: BuiltFile[]) =>
  firstLoadOf(files)
    .files.map(({ fileName }) => fileName)
    .sort();

describe('what is loaded first', () => {
  it('is the entry and all that it imports, each once', () => {
    const files = [
      fileOf('index.js', { isEntry: true, imports: ['a.js', 'b.js'] }),
      fileOf('a.js', { imports: ['b.js'] }),
      fileOf('b.js', { imports: ['a.js'] }),
    ];
    expect(namesOf(...files)).toEqual(['a.js', 'b.js', 'index.js']);
  });

  it('is not what is imported later, nor what only that needs', () => {
    const files = [
      fileOf('index.js', { isEntry: true, code: 'import("./later.js")' }),
      fileOf('later.js', { imports: ['deep.js'] }),
      fileOf('deep.js'),
    ];
    expect(namesOf(...files)).toEqual(['index.js']);
  });

  it('is a worker that the page starts, and no other', () => {
    const files = [
      fileOf('index.js', { isEntry: true, code: 'new Worker(new URL("heart.js",x))' }),
      fileOf('assets/heart.js', { isWorker: true }),
      fileOf('assets/other.js', { isWorker: true }),
    ];
    expect(namesOf(...files)).toEqual(['assets/heart.js', 'index.js']);
  });

  it('is not what a worker imports later', () => {
    const files = [
      fileOf('index.js', { isEntry: true, code: 'new Worker(new URL("heart.js",x))' }),
      fileOf('heart.js', { isWorker: true, code: 'import"./log.js";()=>import("./names.js")' }),
      fileOf('log.js', { isWorker: true }),
      fileOf('names.js', { isWorker: true }),
    ];
    expect(namesOf(...files)).toEqual(['heart.js', 'index.js', 'log.js']);
  });

  it('is counted as it goes over the wire', () => {
    const code = 'beat '.repeat(1_000);
    const load = firstLoadOf([fileOf('index.js', { isEntry: true, code })]);
    expect(load.gzipBytes).toBe(gzipSync(code).length);
  });
});

describe('the figures', () => {
  it('say what each file costs, and the whole of what may be', () => {
    const load = { files: [{ fileName: 'index.js', gzipBytes: 91_234 }], gzipBytes: 91_234 };
    expect(wordsFor(load, 90_000)).toMatch(/91,234 {2}index\.js\n.*91,234 {2}of 90,000 bytes$/);
  });
});
