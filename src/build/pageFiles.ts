/** Puts the page's modules, and those of its workers, into as few files as there can be. */
import { resolve } from 'node:path';
import type { Plugin } from 'vite';
import { type FirstChunk, firstChunks, strayChunks } from './firstChunks.ts';

export interface PageFilesOptions {
  /** The scripts of workers that are built with the page; all are there when its modules are. */
  workers: ReadonlySet<string>;
  /** The script by which a page does a worker's work itself. */
  standIn: string;
  /** The scripts that every page fetches soon after its start. */
  later: readonly string[];
}

/** In this order, as each takes with it what its modules import, unless one before it has that. */
const chunkOrder: readonly FirstChunk[] = ['shared', 'heart', 'first', 'sharedLater', 'later'];

/** Ends the build with an error where a worker would run what begins the page. */
export function pageFiles({ workers, standIn, later }: PageFilesOptions): Plugin {
  let chunks: ReadonlyMap<string, FirstChunk> = new Map();
  const groups = chunkOrder.map((chunk, index) => ({
    name: (id: string) => (chunks.get(id) === chunk ? chunk : null),
    priority: chunkOrder.length - index,
  }));
  const build = { rolldownOptions: { output: { codeSplitting: { groups } } } };
  return {
    name: 'heartline-page-files',
    applyToEnvironment: ({ name }) => name === 'client',
    config: () => ({ environments: { client: { build } } }),
    buildEnd() {
      const modules = [...this.getModuleIds()].map((id) => [id, this.getModuleInfo(id)] as const);
      const idsOf = (files: readonly string[]) =>
        new Set(files.map((file) => resolve(file).replaceAll('\\', '/')));
      chunks = firstChunks({
        graph: new Map(modules),
        workers,
        standIns: idsOf([standIn]),
        later: idsOf(later),
      });
    },
    generateBundle(_, bundle) {
      const files = Object.values(bundle).flatMap((file) => (file.type === 'chunk' ? [file] : []));
      const [stray] = strayChunks(files, workers);
      if (stray) this.error(`A worker would run ${stray}, which is for the page alone.`);
    },
  };
}
