/** Builds the page under test, as a production build, and serves it for as long as a benchmark runs. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import sirv from 'sirv';
import type { ConfigName } from '../configs';
import { listen } from './benchServer';
import { buildForProduction } from './build';

export interface PageServer {
  readonly origin: string;
  /** Where the page is that connects this client to `server`, a `ws:` address. */
  urlOf(config: ConfigName, server: string): string;
  close(): Promise<void>;
}

export async function servePage(): Promise<PageServer> {
  const folder = await mkdtemp(join(tmpdir(), 'heartline-bench-'));
  await buildForProduction({
    root: fileURLToPath(new URL('../page', import.meta.url)),
    plugins: [react()],
    build: { outDir: folder, emptyOutDir: true, chunkSizeWarningLimit: 2_000 },
  });
  const { port, close } = await listen(createServer(sirv(folder)));
  const origin = `http://localhost:${port}`;
  return {
    origin,
    urlOf: (config, server) => `${origin}/?${new URLSearchParams({ config, server })}`,
    async close() {
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
