import { describe, expect, it, vi } from 'vitest';
import { LogUnavailableError } from '../log/log';
import { createMemoryLog } from '../log/memoryLog';
import { createScanSearch } from '../log/scanSearch';
import { describeSearchContract } from '../log/searchContract';
import type { SearchIndex } from '../log/searchIndex';
import { createLaterSearch } from './laterSearch';

describeSearchContract('a search that is loaded when it is wanted', async () => {
  const log = createMemoryLog('epoch-1');
  return { log, search: createLaterSearch(async () => createScanSearch(log)) };
});

describe('a search that is loaded when it is wanted', () => {
  it('is loaded once, and again only if it could not be', async () => {
    const load = vi.fn<() => Promise<SearchIndex>>();
    load.mockRejectedValueOnce(new TypeError('no network'));
    load.mockResolvedValue(createScanSearch(createMemoryLog('epoch-1')));
    const search = createLaterSearch(load);
    expect(load).not.toHaveBeenCalled();
    await expect(search.search('lobby', 'tea', 10, 10)).rejects.toThrow(LogUnavailableError);
    const nothing = { seqs: [], more: false };
    expect(await search.search('lobby', 'tea', 10, 10)).toEqual(nothing);
    expect(await search.search('lobby', 'tea', 10, 10)).toEqual(nothing);
    expect(load).toHaveBeenCalledTimes(2);
  });
});
