/** What the page costs to load, as its build says. */
import { execFileSync } from 'node:child_process';

/** JavaScript that is loaded before the chat can be used, gzipped. Throws where the build does not tell. */
export function builtFirstLoadBytes(): number {
  const { NODE_ENV: _, VITEST: __, ...env } = process.env;
  const said = execFileSync('npm', ['run', '--silent', 'build'], {
    env,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  return firstLoadBytesIn(said);
}

/** Reads what `wordsFor` wrote; throws an Error that shows the text where it did not. */
export function firstLoadBytesIn(said: string): number {
  const [, bytes] = /^\s*([\d,]+) {2}of [\d,]+ bytes$/m.exec(said) ?? [];
  if (bytes === undefined) throw new Error(`the build told no first load: ${said}`);
  return Number(bytes.replaceAll(',', ''));
}
