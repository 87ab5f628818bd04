import { describe, expect, it } from 'vitest';
import { firstChunks } from './firstChunks';

const module = (...importedIds: string[]) => ({
  importedIds,
  dynamicallyImportedIds: [] as string[],
  isEntry: false,
});
const entry = (...importedIds: string[]) => ({ ...module(...importedIds), isEntry: true });

describe('the file of a module', () => {
  const graph = new Map([
    ['page', entry('view', 'frames', 'names')],
    ['view', module('react')],
    ['react', module()],
    ['frames', module('schemas')],
    ['schemas', module('frames')],
    ['worker', entry('server', 'frames')],
    ['server', { ...module('log'), dynamicallyImportedIds: ['later'] }],
    ['log', module('server')],
    ['names', module()],
    ['later', module('frames', 'names')],
  ]);
  const chunks = firstChunks(graph, new Set(['worker']));

  it("is the page's own where the worker does not need it, and the other way round", () => {
    for (const id of ['page', 'view', 'react']) expect(chunks.get(id)).toBe('first');
    for (const id of ['server', 'log']) expect(chunks.get(id)).toBe('heart');
  });

  it('is one for both where both need it', () => {
    for (const id of ['frames', 'schemas']) expect(chunks.get(id)).toBe('shared');
  });

  it('is one for both where the worker needs it later: the page does not run there', () => {
    expect(chunks.get('names')).toBe('shared');
  });

  it('is left open for what starts a worker, and for what is loaded later', () => {
    for (const id of ['worker', 'later']) expect(chunks.has(id)).toBe(false);
  });
});
