import { describe, expect, it } from 'vitest';
import { type ChunkOfBundle, firstChunks, strayChunks } from './firstChunks';

const module = (importedIds: string[] = [], dynamicallyImportedIds: string[] = []) => ({
  importedIds,
  dynamicallyImportedIds,
  isEntry: false,
});
const entry = (...ids: Parameters<typeof module>) => ({ ...module(...ids), isEntry: true });

describe('the file of a module', () => {
  const graph = new Map([
    ['page', entry(['view', 'frames'], ['search', 'panels', 'host in page'])],
    ['panels', module(['view', 'icons', 'terms', 'export'], ['settings'])],
    ['icons', module()],
    ['export', module()],
    ['settings', module(['icons'])],
    ['view', module(['react', 'limits'])],
    ['react', module()],
    ['limits', module()],
    ['frames', module(['schemas'])],
    ['schemas', module(['frames'])],
    ['search', module(['frames', 'terms'])],
    ['host in page', module(['server'])],
    ['worker', entry(['server', 'frames', 'terms'], ['companion'])],
    ['server', module(['log'])],
    ['log', module(['server'])],
    ['terms', module()],
    ['companion', module(['limits', 'log', 'export'])],
  ]);
  const chunks = firstChunks({
    graph,
    workers: new Set(['worker']),
    standIns: new Set(['host in page']),
    later: new Set(['panels']),
  });

  it("is the page's own where the worker does not need it, and the other way round", () => {
    for (const id of ['page', 'view', 'react']) expect(chunks.get(id)).toBe('first');
    for (const id of ['server', 'log']) expect(chunks.get(id)).toBe('heart');
  });

  it('is one for both where both need it', () => {
    for (const id of ['frames', 'schemas']) expect(chunks.get(id)).toBe('shared');
  });

  it('is one for both where one of them needs it later', () => {
    for (const id of ['limits', 'terms']) expect(chunks.get(id)).toBe('shared');
  });

  it('is one for all that every page fetches soon, but for what the page or a worker has', () => {
    for (const id of ['panels', 'icons']) expect(chunks.get(id)).toBe('later');
    expect(chunks.get('export')).toBe('sharedLater');
    expect(chunks.get('view')).toBe('first');
    expect(chunks.get('terms')).toBe('shared');
  });

  it('is left open for what starts a worker, and for what is loaded later', () => {
    for (const id of ['worker', 'search', 'settings', 'companion', 'host in page'])
      expect(chunks.has(id)).toBe(false);
  });
});

describe('a worker', () => {
  const chunk = (fileName: string, fields: Partial<ChunkOfBundle> = {}): ChunkOfBundle => ({
    fileName,
    facadeModuleId: null,
    isEntry: false,
    imports: [],
    dynamicImports: [],
    ...fields,
  });
  const page = chunk('page.js', { isEntry: true, facadeModuleId: 'page', imports: ['shared.js'] });
  const worker = chunk('worker.js', {
    isEntry: true,
    facadeModuleId: 'worker',
    imports: ['shared.js'],
    dynamicImports: ['later.js'],
  });

  it('runs nothing that begins the page', () => {
    const bundle = [
      page,
      worker,
      chunk('shared.js'),
      chunk('later.js', { imports: ['shared.js'] }),
    ];
    expect(strayChunks(bundle, new Set(['worker']))).toEqual([]);
  });

  it('is found out when it does, later too', () => {
    const bundle = [page, worker, chunk('shared.js'), chunk('later.js', { imports: ['page.js'] })];
    expect(strayChunks(bundle, new Set(['worker']))).toEqual(['page.js']);
  });
});
