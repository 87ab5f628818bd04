/**
 * Names for the classes of CSS modules: the class's own, and the number of its file in a few letters. A hash,
 * as it is usual, is what compresses worst in everything that a page loads. The numbers follow from the
 * names of the files alone, so that the same sources always give the same names.
 */
import { readdirSync } from 'node:fs';
import { relative, resolve } from 'node:path';

/** For all `*.module.css` under this folder, as they are when the build begins. */
export function shortClassNames(folder: string): (name: string, file: string) => string {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.module.css'))
    .map((file) => file.replaceAll('\\', '/'))
    .sort();
  return (name, file) => {
    const path = relative(resolve(folder), file.replace(/\?.*$/, '')).replaceAll('\\', '/');
    // One that has come since, while pages are served in development, stands behind all others.
    const index = files.includes(path) ? files.indexOf(path) : files.push(path) - 1;
    return `${name}-${index.toString(36)}`;
  };
}
