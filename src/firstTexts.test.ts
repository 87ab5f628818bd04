import { existsSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const source = import.meta.dirname;

/** What a file cannot run without: not its types, and not what it loads later. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const clauses = text.matchAll(/^(?:import|export)\s(?!type\s)[^;]*?from '(\.[^']+)';/gm);
  return [...clauses].flatMap(([, path = '']) => {
    const target = resolve(dirname(file), path);
    return ['.ts', '.tsx'].map((end) => target + end).filter((each) => existsSync(each));
  });
}

function neededBy(entry: string): Set<string> {
  const needed = new Set<string>();
  const waiting = [entry];
  for (let file = waiting.pop(); file; file = waiting.pop()) {
    if (needed.has(file)) continue;
    needed.add(file);
    waiting.push(...importsOf(file));
  }
  return needed;
}

describe('what is drawn before all texts are there', () => {
  it('says only what is in the first ones', () => {
    const files = [...neededBy(resolve(source, 'main.tsx'))];
    expect(files.map((file) => relative(source, file))).toEqual(
      expect.arrayContaining(['components/SendForm.tsx', 'components/timeline/MessageRow.tsx']),
    );
    const early = files.filter(
      (file) => !file.endsWith('i18n/texts.tsx') && /\buseTexts\b/.test(readFileSync(file, 'utf8')),
    );
    expect(early.map((file) => relative(source, file))).toEqual([]);
  });
});
