/** What the page for programs tells people to type, typed: all of it, in its order, into a real shell. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { enterChat } from './support/chatClient';
import { findOrInstall } from './support/debian';
import { startServer } from './support/serverProcess';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = new URL('../server/node/PROGRAMS.md', import.meta.url);

/** What stands in the page for programs that nobody else has; and a log and a wait that come to an end. */
const standIns = `
make() { echo 'compiling…'; echo 'done' >&2; }
model() { printf 'Because '; printf 'of scattering.\\n'; }
tail() { echo "a line by tail $*"; }
rounds=0
sleep() { rounds=$((rounds + 1)); [ $rounds -le 1 ]; }
`;

/** A folder in which the page's paths lead to this project, and what is made is swept. */
async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'heartline-page-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const each of ['src', 'node_modules']) await symlink(join(root, each), join(folder, each));
  return folder;
}

async function runInShell(script: string, folder: string) {
  const shell = spawn('bash', ['-euo', 'pipefail', '-c', script], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void shell.kill('SIGKILL'));
  let printed = '';
  for (const output of [shell.stdout, shell.stderr]) {
    output.on('data', (chunk) => {
      printed += chunk;
    });
  }
  const [code] = await once(shell, 'exit');
  return { code, printed };
}

describe('the page for programs', () => {
  it('can be typed as it stands', async () => {
    findOrInstall('curl');
    const server = await startServer();
    const blocks = [...(await readFile(page, 'utf8')).matchAll(/^```sh\n([\s\S]*?)^```$/gm)];
    const typed = blocks.map(([, block = '']) => block).join('\n');
    expect(typed).toContain('https://chat.example\n');
    const here = typed.replace('https://chat.example', server.url.replace(/\/$/, ''));
    const { code, printed } = await runInShell(`${standIns}\n${here}`, await makeFolder());
    expect([code, printed]).toEqual([0, printed]);

    const ann = await enterChat(server.webSocketUrl, 'Ann');
    const { messages } = await ann.until('sync');
    expect(messages.map(({ from, body }) => `${from.name}: ${body}`)).toEqual([
      'Build: Version 7 is out.',
      'Build: Version 7 is out, really.',
      'Build: compiling…\ndone',
      'Build: Because of scattering.',
      'Build: a line by tail -f build.log',
      'Build: a line by tail -n 0 -F build.log',
      'Robot: Hello from a program.',
    ]);
    expect(messages.some(({ cut }) => cut)).toBe(false);
    // The client hears as well what is said.
    expect(printed).toContain('Robot: Hello from a program.');
    expect(printed).toContain('"room":"p-62pzw4grzgsuiisyzj3prmfhur"');
  });
});
