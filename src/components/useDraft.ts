/** What is written and not sent yet, kept over a reload under a key each. */
import { useState } from 'react';
import { createTextStorage } from '../browserStorage';

export interface Draft {
  text: string;
  setText(text: string): void;
  /** It was sent, or given up. */
  forget(): void;
}

/** `initial` is what is there before anything was written under the key. */
export function useDraft(key: string, initial = ''): Draft {
  const [storage] = useState(() => createTextStorage('sessionStorage'));
  // Where the browser keeps nothing, this still does for as long as the page lives.
  const [written, setWritten] = useState<ReadonlyMap<string, string>>(new Map());
  return {
    text: written.get(key) ?? storage.get(key) ?? initial,
    setText(text) {
      setWritten((before) => new Map(before).set(key, text));
      if (text === '') storage.remove(key);
      else storage.set(key, text);
    },
    forget() {
      setWritten((before) => {
        const rest = new Map(before);
        rest.delete(key);
        return rest;
      });
      storage.remove(key);
    },
  };
}
