/**
 * Has a SharedWorker be an entry of the page's own build, so that what both need is one file, fetched once.
 * A worker that is built by itself has all of it a second time.
 */
import { resolve } from 'node:path';
import type { Plugin } from 'vite';
import { type FirstChunk, firstChunks, strayChunks } from './firstChunks.ts';

/** Behind the name of a worker's script it stands for the script's address. */
const query = '?address';

/** In this order, as each takes with it what its modules import, unless one before it has that. */
const chunkOrder: readonly FirstChunk[] = ['shared', 'heart', 'first', 'sharedLater', 'later'];

/**
 * `import { address } from './x?address'` gives where the module worker `x` is fetched from, however the page
 * is hosted. `standIn` is the script by which a page does the worker's work itself; `later` are those that every
 * page fetches soon after its start.
 */
export function sharedWorker({ standIn, later }: { standIn: string; later: string[] }): Plugin {
  const workers = new Set<string>();
  let chunks: ReadonlyMap<string, FirstChunk> = new Map();
  let isBuild = false;
  const groups = chunkOrder.map((chunk, index) => ({
    name: (id: string) => (chunks.get(id) === chunk ? chunk : null),
    priority: chunkOrder.length - index,
  }));
  const build = { rolldownOptions: { output: { codeSplitting: { groups } } } };
  return {
    name: 'heartline-shared-worker',
    enforce: 'pre',
    applyToEnvironment: ({ name }) => name === 'client',
    config: () => ({ environments: { client: { build } } }),
    configResolved({ command }) {
      isBuild = command === 'build';
    },
    async resolveId(source, importer) {
      if (!source.endsWith(query)) return null;
      const script = await this.resolve(source.slice(0, -query.length), importer);
      return script && script.id + query;
    },
    load(id) {
      if (!id.endsWith(query)) return null;
      const script = id.slice(0, -query.length);
      // As Vite names a worker's script in development, for which it puts in what is defined.
      const served = `/@fs/${script.replace(/^\//, '')}?worker_file&type=module`;
      if (!isBuild) return `export const address = ${JSON.stringify(served)}`;
      workers.add(script);
      const reference = this.emitFile({ type: 'chunk', id: script });
      return `export const address = import.meta.ROLLUP_FILE_URL_${reference}`;
    },
    buildEnd() {
      const modules = [...this.getModuleIds()].map((id) => [id, this.getModuleInfo(id)] as const);
      const idsOf = (files: string[]) =>
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
