/**
 * What the page knows of the network and of its reader. Hints only: `online` may come too early and
 * `offline` may be wrong, so they hurry a try or a probe, and never decide that a line lives or not.
 */
import type { Connection } from './connection';
import type { Cancel } from './ports';

/** Tells the connection what the page hears, until cancelled. */
export function watchPage(connection: Pick<Connection, 'wake' | 'networkGone'>): Cancel {
  const whenVisible = () => {
    if (document.visibilityState === 'visible') connection.wake();
  };
  window.addEventListener('online', connection.wake);
  window.addEventListener('offline', connection.networkGone);
  document.addEventListener('visibilitychange', whenVisible);
  return () => {
    window.removeEventListener('online', connection.wake);
    window.removeEventListener('offline', connection.networkGone);
    document.removeEventListener('visibilitychange', whenVisible);
  };
}
