/** Benchmark `size`: what each client costs a page to load. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { it, onTestFinished } from 'vitest';
import { buildForProduction } from './support/build';
import { alone, beside } from './support/comparisons';
import { builtFirstLoadBytes } from './support/firstLoad';
import { publish } from './support/report';
import { figureNames } from './targets';

const hook = [
  `export { useConnectionState, useWebSocket } from '${pathOf('../connection/useWebSocket.ts')}';`,
  `export { createWorkerTime } from '${pathOf('../connection/workerTime.ts')}';`,
];

/** What a page would import of each, and nothing else. */
const entries: Record<string, readonly string[]> = {
  heartline: hook,
  'heartline, with the check of what stands in the way': [
    ...hook,
    `export { checkReachability } from '${pathOf('../connection/reachability.ts')}';`,
  ],
  'heartline, with an interval that adapts': [
    ...hook,
    `export { createAdaptiveInterval } from '${pathOf('../connection/adaptiveInterval.ts')}';`,
  ],
  'react-use-websocket': [
    `export { useWebSocket } from 'react-use-websocket/dist/lib/use-websocket';`,
  ],
  'partysocket/react': [`export { useWebSocket } from 'partysocket/react';`],
  'socket.io-client': [`export { io } from 'socket.io-client';`],
  centrifuge: [`export { Centrifuge } from 'centrifuge';`],
};

/** Ours is to stay within this, gzipped. */
const targetBytes = 5_000;

interface Size {
  minified: number;
  gzip: number;
  brotli: number;
  files: number;
}

it('measures the bytes of each client', async () => {
  // Beside the sources, so that the packages are found from there.
  const folder = await mkdtemp(pathOf('../../node_modules/.bench-size-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const sizes: Record<string, Size> = {};
  for (const [name, lines] of Object.entries(entries)) {
    const entry = join(folder, `${Object.keys(sizes).length}.ts`);
    await writeFile(entry, lines.join('\n'));
    sizes[name] = await sizeOf(entry);
  }
  const ours = sizes.heartline?.gzip ?? 0;
  const peers = Object.entries(sizes).filter(([name]) => !name.startsWith('heartline'));
  const hookSize = { what: figureNames.hookSize, unit: 'bytes', better: 'less' } as const;
  const firstLoad = { what: figureNames.firstLoad, unit: 'bytes', better: 'less' } as const;
  await publish({
    name: 'size',
    title: 'Size',
    method:
      'Each entry imports only what a page uses of the library; React is external; built by Vite for ' +
      'ES2022 and minified, each resulting file compressed by itself (gzip -9, brotli 11) and added up, in ' +
      'bytes. Ours is the folder src/connection: the hook and the worker that keeps time. Target of ours: ' +
      `${targetBytes} bytes gzipped; it is at ${((100 * ours) / targetBytes).toFixed(0)} % of that.`,
    runs: 1,
    columns: ['client', 'files', 'minified', 'gzip', 'brotli', 'gzip to ours'],
    rows: Object.entries(sizes).map(([name, { files, minified, gzip, brotli }]) => [
      name,
      ...[files, minified, gzip, brotli].map((count) => count.toLocaleString('en')),
      (gzip / ours).toFixed(2),
    ]),
    comparisons: [
      ...alone(hookSize, [ours]),
      ...beside(
        hookSize,
        [ours],
        Object.fromEntries(peers.map(([name, { gzip }]) => [name, [gzip]])),
      ),
      ...alone(firstLoad, [builtFirstLoadBytes()]),
    ],
    figures: sizes,
  });
});

/** Everything that a build of this entry puts out. */
async function sizeOf(entry: string): Promise<Size> {
  const built = await buildForProduction({
    root: pathOf('../..'),
    publicDir: false,
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      target: 'es2022',
      minify: true,
      modulePreload: false,
      rolldownOptions: {
        input: entry,
        external: [/^react($|\/)/],
        preserveEntrySignatures: 'strict',
      },
    },
  });
  const outputs = Array.isArray(built) ? built : [built];
  const files = outputs
    .flatMap((each) => ('output' in each ? each.output : []))
    .map((file) => Buffer.from(file.type === 'chunk' ? file.code : file.source));
  const sum = (bytesOf: (file: Buffer) => number) =>
    files.reduce((total, file) => total + bytesOf(file), 0);
  return {
    files: files.length,
    minified: sum((file) => file.length),
    gzip: sum((file) => gzipSync(file, { level: 9 }).length),
    brotli: sum(
      (file) =>
        brotliCompressSync(file, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length,
    ),
  };
}

function pathOf(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}
