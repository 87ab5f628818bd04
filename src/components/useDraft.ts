/** What is written and not sent yet, kept per room over a reload. */
import { useState } from 'react';
import { createTextStorage } from '../browserStorage';

export function useDraft(room: string): [draft: string, setDraft: (text: string) => void] {
  const [storage] = useState(() => createTextStorage('sessionStorage'));
  const key = `draft ${room}`;
  const [draft, setDraft] = useState(() => storage.get(key) ?? '');
  return [
    draft,
    (text) => {
      setDraft(text);
      if (text) storage.set(key, text);
      else storage.remove(key);
    },
  ];
}
