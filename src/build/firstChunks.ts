/**
 * How what is loaded first is put into files: as few as there can be, as pieces compress worse. The page has
 * one, its workers have one, and what both need is in a third, so that it is fetched once and neither runs
 * what is the other's.
 */

export type FirstChunk = 'first' | 'heart' | 'shared';

/** What is to be known of a module. */
export interface ModuleOfGraph {
  /** What it cannot run without. */
  readonly importedIds: readonly string[];
  /** What it loads when that is wanted. */
  readonly dynamicallyImportedIds: readonly string[];
  /** It is run by itself. */
  readonly isEntry: boolean;
}

/**
 * The file of each module that is loaded first, by its id; `workers` are the ids of the workers' entries. These
 * are files of their own: a page that hosts the same itself must not run them.
 */
export function firstChunks(
  graph: ReadonlyMap<string, ModuleOfGraph | null>,
  workers: ReadonlySet<string>,
): ReadonlyMap<string, FirstChunk> {
  const reachedFrom = (entries: readonly string[], { isLaterToo = false } = {}) => {
    const reached = new Set(entries);
    // A set's loop comes to what is added meanwhile.
    for (const id of reached) {
      const module = graph.get(id);
      for (const imported of module?.importedIds ?? []) reached.add(imported);
      if (isLaterToo) for (const later of module?.dynamicallyImportedIds ?? []) reached.add(later);
    }
    return reached;
  };
  const entries = [...graph].flatMap(([id, module]) => (module?.isEntry ? [id] : []));
  const ofPage = reachedFrom(entries.filter((id) => !workers.has(id)));
  const ofWorkers = reachedFrom([...workers]);
  // What a worker loads later must not bring the page with it, which does not run there.
  const everOfWorkers = reachedFrom([...workers], { isLaterToo: true });
  const chunks = new Map<string, FirstChunk>();
  for (const id of ofPage) chunks.set(id, everOfWorkers.has(id) ? 'shared' : 'first');
  for (const id of ofWorkers) if (!ofPage.has(id)) chunks.set(id, 'heart');
  for (const id of workers) chunks.delete(id);
  return chunks;
}
