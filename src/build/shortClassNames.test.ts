import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { shortClassNames } from './shortClassNames';

function folderOf(...files: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'class-names-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const file of files) {
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), '');
  }
  return folder;
}

describe('the name of a class', () => {
  it('is short, and another one in every file', () => {
    const folder = folderOf('b.module.css', 'a/c.module.css', 'other.css');
    const nameOf = shortClassNames(folder);
    expect(nameOf('row', join(folder, 'a/c.module.css'))).toBe('row-0');
    expect(nameOf('row', join(folder, 'b.module.css?used'))).toBe('row-1');
    expect(nameOf('list', join(folder, 'b.module.css'))).toBe('list-1');
  });

  it('does not follow from which file was asked for first', () => {
    const folder = folderOf('a.module.css', 'b.module.css');
    const [one, other] = [shortClassNames(folder), shortClassNames(folder)];
    other('row', join(folder, 'b.module.css'));
    for (const file of ['a.module.css', 'b.module.css'])
      expect(one('row', join(folder, file))).toBe(other('row', join(folder, file)));
  });

  it('is another one for a file that has come since', () => {
    const folder = folderOf('a.module.css');
    const nameOf = shortClassNames(folder);
    expect(nameOf('row', join(folder, 'new.module.css'))).toBe('row-1');
    expect(nameOf('row', join(folder, 'a.module.css'))).toBe('row-0');
  });
});
