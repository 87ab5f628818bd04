/**
 * Has a page fetch what it loads later by `withStyles.ts`, in little code. Vite's own preloads scripts, too,
 * and each place that loads something hands it a list of what to preload, mostly an empty one.
 */
import { resolve } from 'node:path';
import type { Plugin } from 'vite';

/** Vite's own. */
const preloadHelper = '\0vite/preload-helper.js';

const withStyles = resolve(import.meta.dirname, 'withStyles.ts').replaceAll('\\', '/');

/** What Vite makes of `const { a } = await import('x')`: all that the script has is as good. */
const pickedParts = /async\(\)=>\{let(\{[^{}]*\})=await (import\((["'`])[^"'`]*\3\));return\1\}/g;

/** What has no styles is fetched by itself. */
const noStyles = /(?<![\w$.])[\w$]+\(\(\)=>(import\((["'`])[^"'`]*\2\)),\[\],import\.meta\.url\)/g;

const emptyList = /,\[\],import\.meta\.url\)/g;

/** For a minified script. */
export const withPlainImports = (code: string) =>
  code.replace(pickedParts, '()=>$2').replace(noStyles, '$1').replace(emptyList, ')');

export function laterStyles(): Plugin {
  let isReplaced = false;
  return {
    name: 'heartline-later-styles',
    apply: 'build',
    enforce: 'pre',
    applyToEnvironment: ({ name }) => name === 'client',
    load(id) {
      if (id !== preloadHelper) return null;
      isReplaced = true;
      return `export { withStyles as __vitePreload } from ${JSON.stringify(withStyles)}`;
    },
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        if (!isReplaced)
          this.error('Vite fetches what is loaded later in another way than before.');
        for (const file of Object.values(bundle))
          if (file.type === 'chunk') file.code = withPlainImports(file.code);
      },
    },
  };
}
