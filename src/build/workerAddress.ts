/**
 * Has a SharedWorker be an entry of the page's own build, so that what both need is one file, fetched once.
 * A worker that is built by itself has all of it a second time.
 */
import type { Plugin } from 'vite';

/** Behind the name of a worker's script it stands for the script's address. */
const query = '?address';

/**
 * `import { address } from './x?address'` gives where the module worker `x` is fetched from, however the page
 * is hosted. The scripts of such workers are put into `workers` while the page is built.
 */
export function workerAddress(workers: Set<string>): Plugin {
  let isBuild = false;
  return {
    name: 'heartline-worker-address',
    enforce: 'pre',
    applyToEnvironment: ({ name }) => name === 'client',
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
  };
}
