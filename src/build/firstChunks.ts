/**
 * How what is loaded first is put into files: as few as there can be, as pieces compress worse. The page has
 * one, its workers have one, and what both need, at first or later, is in a third, so that it is fetched once
 * and neither runs what is the other's. What every page fetches soon after is a fourth, but for what a worker may
 * fetch as well: a file for each part would have to be asked for on its own, once the one before has told of it.
 */

export type FirstChunk = 'first' | 'heart' | 'shared' | 'later' | 'sharedLater';

/** What is to be known of a module. */
export interface ModuleOfGraph {
  /** What it cannot run without. */
  readonly importedIds: readonly string[];
  /** What it fetches later. */
  readonly dynamicallyImportedIds: readonly string[];
  /** It is run by itself. */
  readonly isEntry: boolean;
}

export interface FirstModules {
  readonly graph: ReadonlyMap<string, ModuleOfGraph | null>;
  /** The entries of workers, which stay files of their own. */
  readonly workers: ReadonlySet<string>;
  /** By these the page later does itself what a worker does: it then needs all that is the worker's. */
  readonly standIns: ReadonlySet<string>;
  /** These every page fetches soon, all of them. */
  readonly later: ReadonlySet<string>;
}

/** The file of each module that is loaded first, or soon after, by its id. */
export function firstChunks(modules: FirstModules): ReadonlyMap<string, FirstChunk> {
  const { graph, workers, standIns, later } = modules;
  const reach = (entries: readonly string[], isLaterToo: boolean) => {
    const reached = new Set(entries);
    // A set's loop comes to what is added meanwhile.
    for (const id of reached) {
      const { importedIds = [], dynamicallyImportedIds = [] } = graph.get(id) ?? {};
      const next = isLaterToo ? [...importedIds, ...dynamicallyImportedIds] : importedIds;
      for (const imported of next) if (!standIns.has(imported)) reached.add(imported);
    }
    return reached;
  };
  const entries = [...graph].flatMap(([id, module]) => (module?.isEntry ? [id] : []));
  const pageEntries = entries.filter((id) => !workers.has(id));
  const ofPage = { first: reach(pageEntries, false), ever: reach(pageEntries, true) };
  const ofWorkers = { first: reach([...workers], false), ever: reach([...workers], true) };
  const chunks = new Map<string, FirstChunk>();
  for (const id of reach([...later], false))
    chunks.set(id, ofWorkers.ever.has(id) ? 'sharedLater' : 'later');
  for (const id of ofPage.first) chunks.set(id, ofWorkers.ever.has(id) ? 'shared' : 'first');
  for (const id of ofWorkers.first) chunks.set(id, ofPage.ever.has(id) ? 'shared' : 'heart');
  for (const id of workers) chunks.delete(id);
  return chunks;
}

/** What is to be known of a file that is written. */
export interface ChunkOfBundle {
  readonly fileName: string;
  readonly facadeModuleId: string | null;
  readonly isEntry: boolean;
  readonly imports: readonly string[];
  readonly dynamicImports: readonly string[];
}

/** Files that a worker runs, at once or later, although they begin the page: it has no document for them. */
export function strayChunks(
  chunks: readonly ChunkOfBundle[],
  workers: ReadonlySet<string>,
): readonly string[] {
  const isWorker = ({ facadeModuleId }: ChunkOfBundle) =>
    facadeModuleId !== null && workers.has(facadeModuleId);
  const run = new Set(chunks.filter(isWorker));
  for (const { imports, dynamicImports } of run) {
    const next = [...imports, ...dynamicImports];
    for (const chunk of chunks) if (next.includes(chunk.fileName)) run.add(chunk);
  }
  const beginsPage = (chunk: ChunkOfBundle) => chunk.isEntry && !isWorker(chunk);
  return [...run].filter(beginsPage).map(({ fileName }) => fileName);
}
