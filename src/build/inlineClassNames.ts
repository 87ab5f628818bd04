/**
 * Has the class names of CSS modules stand where they are used. `import styles from` asks for an object with
 * the names of all classes, used or not, which no minifier may take apart; `import * as styles from` for the
 * names themselves.
 */
import type { Plugin } from 'vite';

const wholeObject = /^import (\w+) from ('[^']+\.module\.css')/gm;

/** For a script; what else there is in it stays as it is, in its line. */
export const withClassNames = (code: string) => code.replace(wholeObject, 'import * as $1 from $2');

export function inlineClassNames(): Plugin {
  return {
    name: 'heartline-inline-class-names',
    apply: 'build',
    enforce: 'pre',
    transform(code, id) {
      return id.endsWith('.tsx') ? { code: withClassNames(code), map: null } : null;
    },
  };
}
