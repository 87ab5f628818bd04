/** The page's service worker, as the page has it. It is registered only once somebody wants it. */

/** The page's worker, running: the one it has, or a new one. Rejects where this browser gives it none. */
export async function runningWorker(): Promise<ServiceWorker> {
  const known = await navigator.serviceWorker.getRegistration(document.baseURI);
  if (!known) await registerWorker('');
  const { active } = await navigator.serviceWorker.ready;
  if (!active) throw new Error('the service worker does not run');
  return active;
}

/** `pageQuery` is the query with which a click on a notification opens the page again. */
export function registerWorker(pageQuery: string): Promise<ServiceWorkerRegistration> {
  return navigator.serviceWorker.register(workerUrl(pageQuery), workerOptions);
}

/** Vite serves the worker as a module while one develops; what it builds is a plain script. */
const workerOptions: RegistrationOptions = { type: import.meta.env.DEV ? 'module' : 'classic' };

/** The worker lies beside the page, whatever path that has, and is told there how to open it. */
function workerUrl(pageQuery: string): URL {
  const url = new URL('push-worker.js', document.baseURI);
  url.searchParams.set('page', pageQuery);
  return url;
}
