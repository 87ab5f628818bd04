/** The page's service worker: it shows pushes, and leaves everything else to the browser. */
import { listenForPushes, type WorkerScope } from './pushEvents';

declare const self: WorkerScope;

listenForPushes(self);
// It holds nothing that an older one would have to finish.
self.addEventListener('install', (event) => event.waitUntil(self.skipWaiting()));
