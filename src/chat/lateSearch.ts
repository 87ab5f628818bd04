/** A room's search for a page that loads fast: what searches is fetched when something is first sought. */
import type { RoomSearch, RoomSearchOptions } from './roomSearch';

/** `load` brings what makes the real one. Where that fails the search has, and may be tried again. */
export function createLateSearch(
  load: () => Promise<(options: RoomSearchOptions) => RoomSearch>,
  options: RoomSearchOptions,
): RoomSearch {
  let search: RoomSearch | undefined;
  /** What is to be sought once that can be done. */
  let wanted = '';

  function seek(text: string) {
    wanted = text.trim();
    if (wanted === '') return options.tell(undefined);
    const begun = { text: wanted, scope: 'loaded', found: [], hasMore: false } as const;
    options.tell({ ...begun, status: 'searching' });
    load().then(
      (create) => {
        search ??= create(options);
        if (wanted === begun.text) search.search(wanted);
      },
      () => {
        if (wanted === begun.text) options.tell({ ...begun, status: 'failed' });
      },
    );
  }

  return {
    search: (text) => (search ? search.search(text) : seek(text)),
    searchMore: () => (search ? search.searchMore() : seek(wanted)),
    found: (frame) => search?.found(frame),
    refused: () => search?.refused(),
    end() {
      wanted = '';
      search?.end();
    },
    lineLost: () => search?.lineLost(),
  };
}
