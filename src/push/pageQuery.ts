/**
 * How a click on a notification opens the page, whatever the room: kept where the service worker finds it,
 * which has no other way to the page's storage than the browser's caches.
 */

type Caches = Pick<CacheStorage, 'open'>;

/** `scope` is the folder that the page lies in: another copy may lie elsewhere on the host. */
const nameOf = (scope: string) => `heartline-push ${scope}`;
const keyOf = (scope: string) => new URL('page-query', scope).href;

export async function keepPageQuery(query: string, scope: string, caches: Caches): Promise<void> {
  const cache = await caches.open(nameOf(scope));
  await cache.put(keyOf(scope), new Response(query));
}

/** Empty where none was kept, or where it cannot be read. */
export async function readPageQuery(scope: string, caches: Caches): Promise<string> {
  try {
    const cache = await caches.open(nameOf(scope));
    return (await (await cache.match(keyOf(scope)))?.text()) ?? '';
  } catch {
    return '';
  }
}
