/** Gives the page its service worker, which lies beside it under one name, whatever path that has. */

export function registerWorker(): Promise<ServiceWorkerRegistration> {
  const url = new URL('push-worker.js', document.baseURI);
  // Vite serves the worker as a module while one develops; what it builds is a plain script.
  return navigator.serviceWorker.register(url, {
    type: import.meta.env.DEV ? 'module' : 'classic',
  });
}
