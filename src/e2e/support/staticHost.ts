/**
 * A plain file server that has the built page in a folder somewhere below its root, and knows nothing of it:
 * no rewriting, no headers, no server of the chat. What it has can be changed as whoever hosts a page does.
 */
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';
import { onTestFinished } from 'vitest';
import { freePort } from './serverProcess';

const built = fileURLToPath(new URL('../../../dist', import.meta.url));
const path = '/some/path/';

export interface StaticHost {
  readonly origin: string;
  /** Where the page is. */
  readonly url: string;
  /** What it has beside the page as `server.json`; undefined for none. */
  setServerJson(text: string | undefined): Promise<void>;
  /** Puts another build in the place of the first, in which every file with a hash has another name. */
  deployNewBuild(): Promise<void>;
  /** How many files a page keeps for a start without a network. */
  countFiles(): Promise<number>;
  /** Is gone, with every connection. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** On a free port; gone and swept when the test is over. */
export async function startStaticHost(): Promise<StaticHost> {
  const folder = await mkdtemp(join(tmpdir(), 'heartline-static-'));
  await cp(built, folder, { recursive: true });
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const serve = sirv(folder, { dev: true, etag: true });
  const server = createServer((request, response) => {
    const notFound = () => {
      response.writeHead(404, { 'Content-Type': 'text/html' });
      response.end('<!doctype html><title>404</title><h1>Not found</h1>');
    };
    if (!request.url?.startsWith(path)) return notFound();
    request.url = request.url.slice(path.length - 1);
    serve(request, response, notFound);
  });

  const host: StaticHost = {
    origin,
    url: origin + path,
    async setServerJson(text) {
      const file = join(folder, 'server.json');
      if (text === undefined) await rm(file, { force: true });
      else await writeFile(file, text);
    },
    deployNewBuild: () => renameAssets(folder),
    async countFiles() {
      const files = await filesIn(folder);
      // What a host may send in their place, smaller, is no other file to the page.
      return files.filter(
        (file) => !['server.json', 'push-worker.js'].includes(file) && !/\.(br|gz)$/.test(file),
      ).length;
    },
    async stop() {
      server.closeAllConnections();
      if (!server.listening) return;
      server.close();
      await once(server, 'close');
    },
    async start() {
      server.listen(port);
      await once(server, 'listening');
    },
  };
  onTestFinished(async () => {
    await host.stop();
    await rm(folder, { recursive: true, force: true });
  });
  await host.start();
  return host;
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

/** As a build does whose every file holds something else: names change, and all that names them. */
async function renameAssets(folder: string): Promise<void> {
  const files = await filesIn(folder);
  const names = files.filter((file) => file.startsWith('assets/')).map((file) => file.slice(7));
  const renamed = (name: string) => name.replace(/(\.\w+)$/, '2$1');
  for (const file of files.filter((each) => /\.(js|css|html)$/.test(each))) {
    let text = await readFile(join(folder, file), 'utf8');
    for (const name of names) text = text.replaceAll(name, renamed(name));
    // What has no hash in its name is known by a revision.
    if (file === 'push-worker.js') text = text.replace(/[0-9a-f]+(?=","url":"index\.html")/, 'new');
    // Of two servers in one browser the one that was built later is in charge.
    text = text.replace(/(rank:)(\d{13})/g, (_, rank, builtAt) => `${rank}${Number(builtAt) + 1}`);
    await writeFile(join(folder, file), text);
  }
  for (const name of names)
    await rename(join(folder, 'assets', name), join(folder, 'assets', renamed(name)));
}
