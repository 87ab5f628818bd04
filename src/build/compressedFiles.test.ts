import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { compress } from './compressedFiles';

async function compressed(content: string | Uint8Array) {
  const folder = await mkdtemp(join(tmpdir(), 'heartline-build-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'a.js'), content);
  await compress(join(folder, 'a.js'));
  return { names: (await readdir(folder)).sort(), at: (name: string) => join(folder, name) };
}

it('a file is put beside itself in both ways that browsers take', async () => {
  const script = 'export const line = 1;\n'.repeat(100);
  const { names, at } = await compressed(script);
  expect(names).toEqual(['a.js', 'a.js.br', 'a.js.gz']);
  expect(brotliDecompressSync(await readFile(at('a.js.br'))).toString()).toBe(script);
  expect(gunzipSync(await readFile(at('a.js.gz'))).toString()).toBe(script);
});

it.each([
  ['fits a packet', 'x'.repeat(1_000)],
  ['does not get smaller', crypto.getRandomValues(new Uint8Array(5_000))],
])('a file stays alone that %s', async (_, content) => {
  expect((await compressed(content)).names).toEqual(['a.js']);
});
