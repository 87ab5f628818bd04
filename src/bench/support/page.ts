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
  const { origin, close } = await buildAndServe(new URL('../page', import.meta.url));
  return {
    origin,
    urlOf: (config, server) => `${origin}/?${new URLSearchParams({ config, server })}`,
    close,
  };
}

/** Builds the page of a folder and serves it, until closed. */
export async function buildAndServe(
  root: URL,
): Promise<{ origin: string; close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'heartline-bench-'));
  await buildForProduction({
    root: fileURLToPath(root),
    plugins: [react()],
    build: { outDir: folder, emptyOutDir: true, chunkSizeWarningLimit: 2_000 },
  });
  const { origin, close } = await serveFolder(folder);
  return {
    origin,
    async close() {
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Serves the files of a folder on a free port, until closed. */
export async function serveFolder(
  folder: string,
): Promise<{ origin: string; close(): Promise<void> }> {
  const { port, close } = await listen(createServer(sirv(folder)));
  return { origin: `http://localhost:${port}`, close };
}
