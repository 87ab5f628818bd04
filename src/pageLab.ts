/** The connection lab of a page, and the store that its components read. */
import type { Cancel } from './connection/ports';
import { createWorkerTime } from './connection/workerTime';
import { createLab, type Lab } from './lab/lab';
import { tuneParameter } from './lab/types';
import { createLabStore, type LabStore } from './store/labStore';

/** Shared by all connections of the page. */
const time = createWorkerTime();

export function createPageLab(): { lab: Lab; labStore: LabStore } {
  const lab = createLab({
    time,
    isOnline: () => navigator.onLine,
    pageUrl: () => location.href,
    onTuningReset: forgetTuning,
    onChange: (change) => labStore.setState(change),
  });
  const labStore = createLabStore({ log: lab.log, actions: lab.actions });
  return { lab, labStore };
}

/** A reload is not to bring it back. */
function forgetTuning() {
  const url = new URL(location.href);
  url.searchParams.delete(tuneParameter);
  history.replaceState(history.state, '', url);
}

/** Begins; where the page's address says how the line is to be tuned, that is read and done. */
export function startLab(lab: Lab, search: string): Cancel {
  const stop = lab.start();
  let isOver = false;
  const tune = async () => {
    const { readTuning } = await import('./lab/tuneQuery');
    if (!isOver) lab.actions.tune(readTuning(search));
  };
  if (new URLSearchParams(search).has(tuneParameter)) tune().catch(reportError);
  return () => {
    isOver = true;
    stop();
  };
}
