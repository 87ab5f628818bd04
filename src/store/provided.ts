/** A value that a component gives to all that it is above of, and a hook that reads it there. */
import { createContext, useContext } from 'react';

/** To read it where nobody gives one is a fault, whose error has this `name`. */
export function createProvided<Value extends object>(name: string) {
  const Context = createContext<Value | undefined>(undefined);
  return {
    Provider: Context.Provider,
    useProvided(): Value {
      const value = useContext(Context);
      if (!value) throw new Error(`${name} is read below its provider only`);
      return value;
    },
  };
}
