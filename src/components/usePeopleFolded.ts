/** Whether the people beside the conversation are folded away, remembered by this browser. */
import { useState } from 'react';
import { createTextStorage } from '../browserStorage';

export function usePeopleFolded(): [isFolded: boolean, setFolded: (isFolded: boolean) => void] {
  const [storage] = useState(() => createTextStorage('localStorage'));
  const [isFolded, setFolded] = useState(() => storage.get('people') === 'folded');
  return [
    isFolded,
    (next) => {
      setFolded(next);
      if (next) storage.set('people', 'folded');
      else storage.remove('people');
    },
  ];
}
