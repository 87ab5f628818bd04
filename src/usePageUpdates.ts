/**
 * Newer versions of the page, and its start without a network. What does that is fetched once the chat can be
 * used, and is one for the whole page, whatever room or server it shows.
 */
import { useEffect, useState } from 'react';
import type { PageControls } from './components/pageControls';
import type { PageUpdates } from './offline/pageUpdates';

export type UpdateControls = Pick<
  PageControls,
  'isUpdateReady' | 'onReload' | 'onReloadFromNetwork'
>;

/** How long an open line is left to what it is there for before the page's files are asked for, in ms. */
const startAfterMs = 3_000;

let loading: Promise<PageUpdates> | undefined;

function load(): Promise<PageUpdates> {
  loading ??= import('./offline/pageUpdates').then(({ createBrowserUpdates }) =>
    createBrowserUpdates(),
  );
  // What could not be fetched now may be there later.
  loading.catch(() => {
    loading = undefined;
  });
  return loading;
}

function reload(how: (updates: PageUpdates) => unknown) {
  load().then(how, () => location.reload());
}

const reloads = {
  onReload: () => reload((updates) => updates.reload()),
  onReloadFromNetwork: () => reload((updates) => updates.reloadFromNetwork()),
};

/** `isUsable`: the line is open. Each time that it is, what could not be had before is asked for again. */
export function usePageUpdates(isUsable: boolean, loadUpdates = load): UpdateControls {
  const [isUpdateReady, setUpdateReady] = useState(false);
  const [updates, setUpdates] = useState<PageUpdates>();

  useEffect(() => {
    // While one develops nothing is kept: it would be an old version at the next change.
    if (!isUsable || import.meta.env.DEV) return;
    const timer = setTimeout(() => {
      loadUpdates().then(
        (loaded) => {
          setUpdates(loaded);
          void loaded.start();
        },
        () => {},
      );
    }, startAfterMs);
    return () => clearTimeout(timer);
  }, [isUsable, loadUpdates]);

  useEffect(() => {
    const tell = () => setUpdateReady(updates?.isReady() ?? false);
    tell();
    return updates?.subscribe(tell);
  }, [updates]);

  return { isUpdateReady, ...reloads };
}
