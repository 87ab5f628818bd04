/** Finds links once what finds them has come; until then a link is text of the same width. */
import { useSyncExternalStore } from 'react';
import type { FindLinks } from './parseLine';

const maybeLink = /:\/\/|www\.|@|mailto:/i;
const findNone: FindLinks = () => [];

let loaded: FindLinks | undefined;
let isLoading = false;
const waiting = new Set<() => void>();

export function useFindLinks(body: string): FindLinks {
  return useSyncExternalStore(maybeLink.test(body) ? load : doNothing, current);
}

function current(): FindLinks {
  return loaded ?? findNone;
}

function doNothing() {
  return () => {};
}

/** A load that failed is tried again with the next message that is drawn. */
function load(onLoaded: () => void): () => void {
  if (loaded) return () => {};
  waiting.add(onLoaded);
  if (!isLoading) {
    isLoading = true;
    import('./links').then(
      ({ findLinks }) => {
        loaded = findLinks;
        for (const tell of waiting) tell();
        waiting.clear();
      },
      () => {
        isLoading = false;
      },
    );
  }
  return () => waiting.delete(onLoaded);
}
