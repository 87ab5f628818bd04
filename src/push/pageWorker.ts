/** The page's service worker, as who has something for it finds it. */
import { registerWorker } from '../offline/registerWorker';

/** The page's worker, running: the one it has, or a new one. Rejects where this browser gives it none. */
export async function runningWorker(): Promise<ServiceWorker> {
  await registerWorker();
  const { active } = await navigator.serviceWorker.ready;
  if (!active) throw new Error('the service worker does not run');
  return active;
}
