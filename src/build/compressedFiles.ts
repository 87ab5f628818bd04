/**
 * Puts beside each file of the built page what it is on the wire, compressed once and as well as can be: the
 * server then sends that, and compresses nothing itself. Only files whose names change with what is in them, and
 * those that nobody edits: another one would be sent as it was.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

/** What is worth it: texts, in folders of the build's own. */
const compressible = /^(assets|emojibase)\/.*\.(js|css|svg|json)$/;

/** In bytes. Smaller ones fit a packet as they are. */
const leastBytes = 1_024;

const packings: readonly [ending: string, pack: (content: Buffer) => Promise<Buffer>][] = [
  ['gz', (content) => promisify(gzip)(content, { level: constants.Z_BEST_COMPRESSION })],
  [
    'br',
    (content) =>
      promisify(brotliCompress)(content, {
        params: {
          [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
          [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
        },
      }),
  ],
];

export function compressedFiles(): Plugin {
  return {
    name: 'heartline-compressed-files',
    apply: 'build',
    applyToEnvironment: ({ name }) => name === 'client',
    async writeBundle({ dir }, bundle) {
      if (dir === undefined) return;
      const names = Object.keys(bundle).filter((name) => compressible.test(name));
      await Promise.all(names.map((name) => compress(join(dir, name))));
    },
  };
}

/** Writes `path.gz` and `path.br`, unless there is nothing to be gained. */
export async function compress(path: string): Promise<void> {
  const content = await readFile(path);
  if (content.length < leastBytes) return;
  for (const [ending, pack] of packings) {
    const packed = await pack(content);
    if (packed.length < content.length) await writeFile(`${path}.${ending}`, packed);
  }
}
