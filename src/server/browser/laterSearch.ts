/** A search whose code is fetched for the first one: most who chat never search. */
import { LogUnavailableError } from '../log/log';
import type { SearchIndex } from '../log/searchIndex';

/** Where the code cannot be had, a search is refused like one whose index is not there yet. */
export function createLaterSearch(load: () => Promise<SearchIndex>): SearchIndex {
  let loading: Promise<SearchIndex> | undefined;
  let isClosed = false;

  async function loaded() {
    try {
      loading ??= load();
      return await loading;
    } catch (error) {
      loading = undefined;
      throw new LogUnavailableError(`the search cannot be loaded: ${error}`);
    }
  }

  return {
    async search(...asked) {
      if (isClosed) throw new LogUnavailableError('the search is closed');
      return (await loaded()).search(...asked);
    },
    logGrew() {},
    async close() {
      isClosed = true;
    },
  };
}
