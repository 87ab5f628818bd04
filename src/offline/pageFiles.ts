/**
 * The page's files in the browser's cache, so that the page starts without a network. Each build has a
 * cache of its own: an open page goes on with the files of its build, whatever build has come since. It
 * knows no globals, so that any worker can take it on, and a test as well.
 */

import { networkOnly } from './networkOnly';

/** A file of the build: where it lies beside the page, and what it holds where its name does not say so. */
export interface PageFile {
  readonly url: string;
  /** A hash of what it holds; null where the name has one. */
  readonly revision: string | null;
}

export interface PageFilesOptions {
  /** Everything that the page needs, `index.html` included. */
  readonly files: readonly PageFile[];
  /** The address of the folder that the page lies in, which ends in `/`. */
  readonly scope: string;
  readonly caches: Pick<CacheStorage, 'open' | 'keys' | 'delete'>;
  fetch(request: AnyRequest): Promise<Response>;
}

/** What is known of a request that the browser or a worker makes. */
export type AnyRequest = Pick<Request, 'method' | 'mode' | 'url'>;

export interface PageFiles {
  /** Fetches what is not kept yet. Rejects if one cannot be had; what came before it stays kept. */
  keep(): Promise<void>;
  /** Forgets the builds before the latest few. */
  forgetOld(): Promise<void>;
  /** This build is the one that has this file. */
  has(url: string): boolean;
  /** What a page of any kept build is to get; undefined where that is none of its files. */
  answer(request: AnyRequest): Promise<Response> | undefined;
}

/** How many builds are kept: this one, and those that pages may still be open of. */
export const keptBuilds = 3;

/** How many files are fetched at a time: the chat's line comes first. */
const atATime = 4;

export function createPageFiles({ files, scope, caches, fetch }: PageFilesOptions): PageFiles {
  // Another copy of the page may lie elsewhere on this host, and no scope is the beginning of another's.
  const prefix = `heartline-files ${scope} `;
  const name = `${prefix}${buildOf(files)}`;
  const requestOf = ({ url, revision }: PageFile) => {
    const address = new URL(url, scope);
    if (revision === null) return new Request(address);
    // Some way off an older one may be cached under the name alone.
    address.searchParams.set('revision', revision);
    return new Request(address, { cache: 'reload' });
  };
  const byUrl = new Map(files.map((file) => [new URL(file.url, scope).href, requestOf(file)]));
  const pageUrl = new URL('index.html', scope).href;
  let isWhole = false;

  const builds = async () => (await caches.keys()).filter((each) => each.startsWith(prefix));

  async function fetchInto(cache: Cache, request: Request) {
    const response = await fetch(request);
    if (!response.ok) throw new Error(`${request.url} was answered with ${response.status}`);
    await cache.put(request, await withoutRedirect(response));
  }

  async function findOlder(request: Request): Promise<Response | undefined> {
    for (const build of (await builds()).filter((each) => each !== name).reverse()) {
      const found = await (await caches.open(build)).match(request);
      if (found) return found;
    }
    return undefined;
  }

  async function keepOne(cache: Cache, request: Request) {
    if (await cache.match(request)) return;
    // What has not changed since an earlier build need not be fetched again.
    const known = await findOlder(request);
    if (known) await cache.put(request, known);
    else await fetchInto(cache, request);
  }

  /** With a part of them the page would start and not work. */
  async function hasAll(): Promise<boolean> {
    if (isWhole) return true;
    if (!(await builds()).includes(name)) return false;
    const kept = await (await caches.open(name)).keys();
    isWhole = kept.length >= byUrl.size;
    return isWhole;
  }

  async function findKept(request: Request): Promise<Response | undefined> {
    const known = (await builds()).includes(name);
    const found = known ? await (await caches.open(name)).match(request) : undefined;
    return found ?? (await findOlder(request));
  }

  async function keptOr(find: () => Promise<Response | undefined>, request: AnyRequest) {
    // A cache that cannot be read is none.
    const kept = await find().catch(() => undefined);
    return kept ?? fetch(request);
  }

  return {
    async keep() {
      const cache = await caches.open(name);
      const waiting = [...byUrl.values()];
      const fetchOnes = async () => {
        for (let next = waiting.shift(); next; next = waiting.shift()) await keepOne(cache, next);
      };
      await Promise.all(Array.from({ length: atATime }, fetchOnes));
    },

    async forgetOld() {
      // In the order in which they were made.
      const older = (await builds()).filter((each) => each !== name);
      for (const build of older.slice(0, Math.max(0, older.length - (keptBuilds - 1))))
        await caches.delete(build);
    },

    has: (url) => byUrl.has(withoutQuery(url)),

    answer(request) {
      const { method, mode, url } = request;
      if (method !== 'GET' || !url.startsWith(scope)) return undefined;
      const address = withoutQuery(url);
      if (mode === 'navigate') {
        const isPage = address === scope || address === pageUrl;
        const page = byUrl.get(pageUrl);
        if (!isPage || !page || new URL(url).searchParams.has(networkOnly)) return undefined;
        const find = async () => ((await hasAll()) ? findKept(page) : undefined);
        return keptOr(find, request);
      }
      // Who asks for the page and does not go there wants to know whether the network has it.
      if (address === pageUrl) return undefined;
      // A file with a hash in its name may be an earlier build's.
      const own = byUrl.get(address);
      const isHashed = address.startsWith(`${scope}assets/`);
      if (!own && !isHashed) return undefined;
      return keptOr(() => findKept(own ?? new Request(address)), request);
    },
  };
}

/** Tells builds apart, and is no secret. */
function buildOf(files: readonly PageFile[]): string {
  // FNV-1a over all names and revisions, in two halves of 32 bits.
  let [low, high] = [0x811c9dc5, 0x01000193];
  for (const character of JSON.stringify(files)) {
    const code = character.codePointAt(0) ?? 0;
    low = Math.imul(low ^ code, 0x01000193) >>> 0;
    high = Math.imul(high ^ code, 0x85ebca6b) >>> 0;
  }
  return low.toString(36) + high.toString(36);
}

function withoutQuery(url: string): string {
  const address = new URL(url);
  return address.origin + address.pathname;
}

/** A navigation must not be answered with what came by a redirect (Fetch, "HTTP fetch", step 4). */
async function withoutRedirect(response: Response): Promise<Response> {
  if (!response.redirected) return response;
  const { status, statusText, headers } = response;
  return new Response(await response.blob(), { status, statusText, headers });
}
