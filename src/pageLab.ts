/** The connection lab of a page, and the store that its components read. */
import { createWorkerTime } from './connection/workerTime';
import { createLab, type Lab } from './lab/lab';
import { createLabStore, type LabStore } from './store/labStore';

/** Shared by all connections of the page. */
const time = createWorkerTime();

export function createPageLab(): { lab: Lab; labStore: LabStore } {
  const lab = createLab({
    time,
    isOnline: () => navigator.onLine,
    pageUrl: () => location.href,
    onChange: (change) => labStore.setState(change),
  });
  const labStore = createLabStore({ log: lab.log, actions: lab.actions });
  return { lab, labStore };
}
