import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocketServer } from 'ws';
import { startBrowser } from './support/browser';
import { freePort } from './support/serverProcess';

const root = fileURLToPath(new URL('../..', import.meta.url));
const viteCommand = join(root, 'node_modules/vite/bin/vite.js');

/** As in Vite's own template for React and TypeScript. */
const tsconfig = {
  compilerOptions: {
    target: 'ES2022',
    lib: ['ES2022', 'DOM', 'DOM.Iterable'],
    module: 'ESNext',
    moduleResolution: 'bundler',
    types: ['vite/client'],
    jsx: 'react-jsx',
    allowImportingTsExtensions: true,
    verbatimModuleSyntax: true,
    moduleDetection: 'force',
    erasableSyntaxOnly: true,
    noEmit: true,
    skipLibCheck: true,
    strict: true,
    noUnusedLocals: true,
    noUnusedParameters: true,
  },
  include: ['src'],
};

/** A server that answers heartbeats, and says the price to who connects and whenever it changes. */
async function startPriceServer() {
  const server = new WebSocketServer({ port: 0 });
  await once(server, 'listening');
  let price = '1.00';
  server.on('connection', (socket) => {
    socket.send(price);
    socket.on('message', (data) => String(data) === 'ping' && socket.send('pong'));
  });
  const hangUp = () => {
    for (const client of server.clients) client.terminate();
  };
  onTestFinished(() => {
    hangUp();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `ws://localhost:${address.port}/`,
    hangUp,
    change(next: string) {
      price = next;
      for (const client of server.clients) client.send(price);
    },
    connections: () => server.clients.size,
  };
}

/** An empty Vite app into which the folder is copied, and the example of its README. */
async function makeApp(serverUrl: string) {
  const dir = await mkdtemp(join(tmpdir(), 'lifted-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  await cp(join(root, 'src/connection'), join(dir, 'src/connection'), {
    recursive: true,
    filter: (path) => !/\.test\.tsx?$/.test(path),
  });
  const readme = await readFile(join(root, 'src/connection/README.md'), 'utf8');
  const example = /```tsx\n(.*?)```/s.exec(readme)?.[1]?.replace(/wss:[^']*/, serverUrl) ?? '';
  await symlink(join(root, 'node_modules'), join(dir, 'node_modules'), 'junction');
  const files: Record<string, string> = {
    'package.json': '{ "type": "module" }',
    'tsconfig.json': JSON.stringify(tsconfig),
    'vite.config.js': `import react from '@vitejs/plugin-react';
      export default { plugins: [react()], cacheDir: '.vite' };`,
    'index.html':
      '<div id="root"></div><script type="module" src="/src/main.tsx"></script><title>Prices</title>',
    'src/Prices.tsx': example,
    'src/main.tsx': `import { StrictMode } from 'react';
      import { createRoot } from 'react-dom/client';
      import { Prices } from './Prices';
      const root = document.getElementById('root');
      if (root) createRoot(root).render(<StrictMode><Prices /></StrictMode>);`,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text);
  return dir;
}

/** The test runner's own settings would make another build of it. */
function plainEnvironment() {
  const { NODE_ENV: _, VITEST: __, ...env } = process.env;
  return env;
}

async function serve(dir: string): Promise<string> {
  const port = await freePort();
  const flags = ['--host', 'localhost', '--port', String(port), '--strictPort'];
  const vite = spawn(process.execPath, [viteCommand, ...flags], {
    cwd: dir,
    env: plainEnvironment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(vite, 'exit');
  onTestFinished(async () => {
    vite.kill('SIGKILL');
    await exited;
  });
  // Listened to until the end: who leaves an iteration closes the pipe, and Vite dies of its next word.
  await new Promise<void>((resolve) => {
    vite.stdout.on('data', (chunk) => String(chunk).includes('Local') && resolve());
  });
  return `http://localhost:${port}/`;
}

describe('src/connection, copied into an empty Vite app with the example of its README', () => {
  it('passes the compiler and the build by itself', async () => {
    const dir = await makeApp('ws://localhost:1/');
    const run = (script: string, ...args: string[]) =>
      execFileSync(process.execPath, [script, ...args], { cwd: dir, env: plainEnvironment() });
    run(join(root, 'node_modules/typescript/bin/tsc'), '--project', dir);
    run(viteCommand, 'build', '--logLevel', 'warn');
    expect(await readFile(join(dir, 'dist/index.html'), 'utf8')).toContain('assets/');
  });

  it('connects, comes back, and keeps one socket through a hot reload', async () => {
    const server = await startPriceServer();
    const dir = await makeApp(server.url);
    const { browser } = await startBrowser();
    const page = await browser.newPage();
    await page.goto(await serve(dir));
    await page.getByText('1.00 open').waitFor();
    expect(server.connections()).toBe(1);

    server.hangUp();
    await expect.poll(server.connections).toBe(1);
    server.change('2.00');
    await page.getByText('2.00 open').waitFor();

    const component = join(dir, 'src/Prices.tsx');
    const text = await readFile(component, 'utf8');
    await writeFile(component, text.replace('{price} <small>', 'now {price} <small>'));
    await page.getByText('now 2.00 open').waitFor();
    await expect.poll(server.connections).toBe(1);
    server.change('3.00');
    await page.getByText('now 3.00 open').waitFor();
  });
});
