/**
 * How much JavaScript the built page loads, gzipped, before one can come in, read and write: its entries, all
 * that these import, and the worker that holds the server where the page has one of its own. What is imported
 * dynamically comes later and is not counted. A build in which it is more than its budget fails.
 */
import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

/** What is to be known of each file that is written. */
export interface BuiltFile {
  fileName: string;
  code: string;
  /** It is run when the page is opened. */
  isEntry: boolean;
  /** A worker's script: needed by what names it, unlike what is named to be fetched later. */
  isWorker: boolean;
  /** The names of the files that it cannot run without. */
  imports: readonly string[];
}

export interface FirstLoad {
  /** The largest first. */
  files: readonly { fileName: string; gzipBytes: number }[];
  gzipBytes: number;
}

/** Each file of the first load once, with what it costs on the wire. */
export function firstLoadOf(built: readonly BuiltFile[]): FirstLoad {
  const needed = new Set<BuiltFile>();
  const need = (file: BuiltFile) => {
    if (needed.has(file)) return;
    needed.add(file);
    const code = file.code.replace(importedLater, '');
    const isNeeded = ({ fileName, isWorker }: BuiltFile) =>
      file.imports.includes(fileName) || (isWorker && code.includes(baseName(fileName)));
    built.filter(isNeeded).forEach(need);
  };
  built.filter(({ isEntry }) => isEntry).forEach(need);
  const files = [...needed]
    .map(({ fileName, code }) => ({ fileName, gzipBytes: gzipSync(code).length }))
    .sort((one, other) => other.gzipBytes - one.gzipBytes);
  return { files, gzipBytes: files.reduce((sum, { gzipBytes }) => sum + gzipBytes, 0) };
}

/** A dynamic import, in a minified script. */
const importedLater = /\bimport\([^)]*\)/g;

const baseName = (fileName: string) => fileName.slice(fileName.lastIndexOf('/') + 1);

/** The figures in words. */
export function wordsFor({ files, gzipBytes }: FirstLoad, budgetBytes: number): string {
  const figure = (bytes: number) => bytes.toLocaleString('en').padStart(9);
  return [
    'JavaScript before the chat can be used, gzipped:',
    ...files.map((file) => `${figure(file.gzipBytes)}  ${file.fileName}`),
    `${figure(gzipBytes)}  of ${budgetBytes.toLocaleString('en')} bytes`,
  ].join('\n');
}

/** Says at the end of a build what the page's first load is, and fails where that is more than `budgetBytes`. */
export function firstLoadBudget(budgetBytes: number): Plugin {
  return {
    name: 'heartline-first-load-budget',
    apply: 'build',
    applyToEnvironment: ({ name }) => name === 'client',
    // After all that may still change what is written.
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const load = firstLoadOf(
          Object.values(bundle).flatMap((file): BuiltFile[] => {
            const { fileName } = file;
            if (file.type === 'chunk') return [{ ...file, isWorker: false }];
            if (!fileName.endsWith('.js')) return [];
            const code = String(file.source);
            return [{ fileName, code, isEntry: false, isWorker: true, imports: [] }];
          }),
        );
        const words = wordsFor(load, budgetBytes);
        if (load.gzipBytes > budgetBytes) this.error(`The first load is too large.\n${words}`);
        process.stdout.write(`${words}\n`);
      },
    },
  };
}
