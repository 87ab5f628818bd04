/** A real lab that stands in no line's way, with its store, for tests of what is drawn. */
import { systemTime, type Time } from '../connection/ports';
import { createLab } from '../lab/lab';
import { createLabStore } from '../store/labStore';

export function createTestLab(time: Time = systemTime) {
  const lab = createLab({
    time,
    isOnline: () => true,
    pageUrl: () => 'https://chat.example/?room=lobby',
    onChange: (change) => labStore.setState(change),
  });
  const labStore = createLabStore({ log: lab.log, actions: lab.actions });
  return { lab, labStore };
}
