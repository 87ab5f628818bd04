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
  const made = new Map<string, Made>();
  let bytes = 0;

  function end(key: string) {
    const old = made.get(key);
    if (!old) return;
    old.cancel();
    urls.revokeObjectURL(old.url);
    bytes -= old.size;
    made.delete(key);
  }

  async function make(key: string, sha256: string, type: string) {
    const reader = await blobs.open(sha256);
    if (!reader) return undefined;
    const content = await reader.read(0, reader.size);
    await reader.close();
    // Somebody may have asked for it meanwhile.
    end(key);
    for (const oldest of made.keys()) {
      if (bytes + content.length <= mostBytes) break;
      end(oldest);
    }
    const lifetimeMs = leastLifetimeMs + sameForMs;
    const url = urls.createObjectURL(new Blob([content], { type }));
    const cancel = time.after(lifetimeMs, () => end(key));
    const link = { url, size: content.length, until: time.now() + lifetimeMs, cancel };
    bytes += link.size;
    made.set(key, link);
    return link;
  }

  return {
    async linkOf({ sha256, type }) {
      const shown = shownTypeOf(type);
      const key = `${sha256} ${shown}`;
      const known = made.get(key);
      const isFresh = known && known.until - time.now() > leastLifetimeMs;
      const link = isFresh ? known : await make(key, sha256, shown);
      return link && { url: link.url, expiresIn: link.until - time.now() };
    },
    close() {
      for (const key of [...made.keys()]) end(key);
    },
  };
}
