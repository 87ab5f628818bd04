/**
 * Addresses of kept bytes for the page: `blob:` URLs, which only this browser knows and which end with the server
 * in it. Each is what browsers show and never run: a page of the same origin could open it. What they keep in
 * memory is bounded.
 */
import type { Cancel, Time } from '../../connection/ports';
import type { BlobStore } from '../blobs/blobs';
import { shownTypeOf } from '../blobs/shownTypes';
import type { Files } from '../chat/files/files';

/** How long an address holds at least, in ms, if not too many others are asked for. */
export const leastLifetimeMs = 3_600_000;
/** Within so long the same bytes have the same address, in ms. */
const sameForMs = 900_000;
/** What all of them keep in memory; the oldest gives way. */
export const mostBytes = 256 * 1024 * 1024;

interface Made {
  readonly key: string;
  readonly url: string;
  readonly size: number;
  readonly until: number;
  readonly cancel: Cancel;
}

/** The part of `URL` that is used here. */
export type UrlMaker = Pick<typeof URL, 'createObjectURL' | 'revokeObjectURL'>;

export interface BlobUrls {
  linkOf: Files['linkOf'];
  /** Ends them all. */
  close(): void;
}

export function createBlobUrls(
  blobs: Pick<BlobStore, 'open'>,
  time: Time,
  urls: UrlMaker = URL,
): BlobUrls {
  /** The oldest first. */
  const all = new Set<Made>();
  /** The newest of each. */
  const newest = new Map<string, Made>();
  const making = new Map<string, Promise<Made | undefined>>();
  let bytes = 0;

  function end(link: Made) {
    if (!all.delete(link)) return;
    link.cancel();
    urls.revokeObjectURL(link.url);
    bytes -= link.size;
    if (newest.get(link.key) === link) newest.delete(link.key);
  }

  async function make(key: string, sha256: string, type: string) {
    const reader = await blobs.open(sha256);
    if (!reader) return undefined;
    const content = await reader.read(0, reader.size);
    await reader.close();
    for (const oldest of all) {
      if (bytes + content.length <= mostBytes) break;
      end(oldest);
    }
    const lifetimeMs = leastLifetimeMs + sameForMs;
    const url = urls.createObjectURL(new Blob([content], { type }));
    const until = time.now() + lifetimeMs;
    const cancel = time.after(lifetimeMs, () => end(link));
    const link: Made = { key, url, size: content.length, until, cancel };
    bytes += link.size;
    all.add(link);
    newest.set(key, link);
    return link;
  }

  /** One for all who ask meanwhile: were each to make its own, the bytes would be in memory as often. */
  function makeOnce(key: string, sha256: string, type: string) {
    const begun = making.get(key) ?? make(key, sha256, type).finally(() => making.delete(key));
    making.set(key, begun);
    return begun;
  }

  return {
    async linkOf({ sha256, type }) {
      const shown = shownTypeOf(type);
      const key = `${sha256} ${shown}`;
      const known = newest.get(key);
      const isFresh = known && known.until - time.now() > leastLifetimeMs;
      const link = isFresh ? known : await makeOnce(key, sha256, shown);
      return link && { url: link.url, expiresIn: link.until - time.now() };
    },
    close() {
      for (const link of all) end(link);
    },
  };
}
