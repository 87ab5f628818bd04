/**
 * Whether the conversation is shown as a plain list of its last messages, all of them in the page: for
 * screen readers that walk a page on their own, and for the browser's search.
 */
import { useSyncExternalStore } from 'react';
import { createTextStorage } from '../browserStorage';

const storage = createTextStorage('localStorage');
const key = 'simple-list';
const listeners = new Set<() => void>();

export function useSimpleList(): boolean {
  return useSyncExternalStore(subscribe, () => storage.get(key) === 'on');
}

export function setSimpleList(isOn: boolean): void {
  if (isOn) storage.set(key, 'on');
  else storage.remove(key);
  for (const listener of listeners) listener();
}

function subscribe(onChange: () => void): () => void {
  listeners.add(onChange);
  // Another page of the same browser has changed it.
  window.addEventListener('storage', onChange);
  return () => {
    listeners.delete(onChange);
    window.removeEventListener('storage', onChange);
  };
}
