/**
 * What the page knows of the network, of its reader and of its own life. Hints only: `online` may come
 * too early and `offline` may be wrong, so they hurry a try or a probe, and never decide that a line
 * lives or not.
 */
import type { Connection } from './contract';
import type { Cancel, Time } from './ports';

export interface PageSignalOptions {
  time: Time;
  /**
   * Ms hidden after which the connection is closed until the page is visible; never if not given. Read
   * whenever the page is hidden.
   */
  readonly closeWhenHiddenMs?: number | undefined;
}

/** Tells the connection what the page hears, until cancelled. */
export function watchPage(
  connection: Pick<Connection, 'wake' | 'networkGone' | 'suspend'>,
  options: PageSignalOptions,
): Cancel {
  const { time } = options;
  let cancelClosing: Cancel = () => {};
  let isPutAside = false;

  const putAside = () => {
    isPutAside = true;
    connection.suspend();
  };
  const comeBack = () => {
    isPutAside = false;
    connection.wake();
  };
  const onOnline = () => {
    if (!isPutAside) connection.wake();
  };
  const onVisibility = () => {
    cancelClosing();
    const { closeWhenHiddenMs } = options;
    if (document.visibilityState === 'visible') comeBack();
    else if (closeWhenHiddenMs !== undefined)
      cancelClosing = time.after(closeWhenHiddenMs, putAside);
  };
  const listeners: [target: EventTarget, type: string, listener: () => void][] = [
    [window, 'online', onOnline],
    [window, 'offline', connection.networkGone],
    // An open socket would keep the page out of the back-forward cache, or die in it unnoticed.
    [window, 'pagehide', putAside],
    [window, 'pageshow', comeBack],
    [document, 'resume', comeBack],
    [document, 'visibilitychange', onVisibility],
  ];
  for (const [target, type, listener] of listeners) target.addEventListener(type, listener);
  return () => {
    cancelClosing();
    for (const [target, type, listener] of listeners) target.removeEventListener(type, listener);
  };
}
