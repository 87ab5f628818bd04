/** A part of the page that is loaded when it is needed. Without a server it may not come: that is told. */
import { useEffect, useState } from 'react';

/** `load` has to be the same function each time. Undefined until it is there. */
export function useModule<Module>(load: () => Promise<Module>): Module | 'failed' | undefined {
  const [loaded, setLoaded] = useState<Module | 'failed'>();
  useEffect(() => {
    let isWanted = true;
    load().then(
      // A module may itself be taken for a function of the state before.
      (module) => isWanted && setLoaded(() => module),
      () => isWanted && setLoaded('failed'),
    );
    return () => {
      isWanted = false;
    };
  }, [load]);
  return loaded;
}
