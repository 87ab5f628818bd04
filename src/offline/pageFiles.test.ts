import { beforeEach, describe, expect, it } from 'vitest';
import { createFakeCaches, type FakeCaches } from '../testing/fakeCaches';
import { networkOnly } from './networkOnly';
import { createPageFiles, keptBuilds, type PageFile } from './pageFiles';

const scope = 'https://host.example/some/path/';
const filesOf = (build: number): PageFile[] => [
  { url: 'index.html', revision: `r${build}` },
  { url: `assets/index-${build}.js`, revision: null },
  { url: `assets/panel-${build}.js`, revision: null },
  { url: 'assets/shared.js', revision: null },
];

let caches: FakeCaches;
let host: Map<string, string>;
let asked: string[];

/** What the host has: the files of one build and nothing of those before. */
function deploy(build: number, below = scope) {
  host = new Map(filesOf(build).map(({ url }) => [new URL(url, below).href, `${url} of ${build}`]));
}

async function fetchFromHost({ url }: Pick<Request, 'url'>) {
  asked.push(url);
  const { origin, pathname } = new URL(url);
  const body = host.get(origin + pathname);
  return body === undefined ? new Response('not found', { status: 404 }) : new Response(body);
}

const goOffline = () => host.clear();
const workerOf = (build: number, below = scope) =>
  createPageFiles({ files: filesOf(build), scope: below, caches, fetch: fetchFromHost });
type Worker = ReturnType<typeof workerOf>;

const navigate = (worker: Worker, url: string) =>
  worker.answer({ method: 'GET', mode: 'navigate', url });
const load = (worker: Worker, url: string) =>
  worker.answer({ method: 'GET', mode: 'cors', url: new URL(url, scope).href });
const textOf = async (answer: Promise<Response> | undefined) => (await answer)?.text();

beforeEach(() => {
  caches = createFakeCaches();
  asked = [];
  deploy(1);
});

describe('the page’s files', () => {
  it('start the page without a network, whatever its query says', async () => {
    const worker = workerOf(1);
    await worker.keep();
    goOffline();
    for (const address of ['', '?room=tea&name=Ann', 'index.html'])
      expect(await textOf(navigate(worker, scope + address))).toBe('index.html of 1');
    expect(await textOf(load(worker, 'assets/index-1.js'))).toBe('assets/index-1.js of 1');
  });

  it('are kept by a worker that was stopped in between', async () => {
    await workerOf(1).keep();
    goOffline();
    expect(await textOf(navigate(workerOf(1), scope))).toBe('index.html of 1');
  });

  it('are each fetched once', async () => {
    await workerOf(1).keep();
    await workerOf(1).keep();
    expect(asked).toHaveLength(4);
    expect(new Set(asked).size).toBe(4);
  });

  it('are all there or start nothing: the network has the page then', async () => {
    const panel = new URL('assets/panel-1.js', scope).href;
    host.delete(panel);
    const worker = workerOf(1);
    await expect(worker.keep()).rejects.toThrow(`${panel} was answered with 404`);
    host.set(scope, 'from the network');
    expect(await textOf(navigate(worker, scope))).toBe('from the network');
    host.set(panel, 'there again');
    await worker.keep();
    goOffline();
    expect(await textOf(navigate(worker, scope))).toBe('index.html of 1');
  });

  it('that do not fit on the disk leave the page to the network', async () => {
    caches.fill();
    const worker = workerOf(1);
    await expect(worker.keep()).rejects.toThrow('the disk is full');
    host.set(scope, 'from the network');
    expect(await textOf(navigate(worker, scope))).toBe('from the network');
  });

  it('leave everything else to the browser', async () => {
    const worker = workerOf(1);
    await worker.keep();
    for (const url of [
      '',
      'index.html',
      'server.json',
      'healthz',
      'metrics',
      'ws',
      '../other/assets/a.js',
    ])
      expect(load(worker, url)).toBeUndefined();
    expect(navigate(worker, `${scope}deeper/`)).toBeUndefined();
    expect(navigate(worker, 'https://elsewhere.example/')).toBeUndefined();
    expect(worker.answer({ method: 'POST', mode: 'cors', url: scope })).toBeUndefined();
  });

  it('give way to the network for who asks for it', async () => {
    const worker = workerOf(1);
    await worker.keep();
    expect(navigate(worker, `${scope}?room=tea&${networkOnly}`)).toBeUndefined();
  });

  it('that came by a redirect are kept as if they had not', async () => {
    const worker = createPageFiles({
      files: filesOf(1),
      scope,
      caches,
      fetch: async (request) =>
        Object.defineProperty(await fetchFromHost(request), 'redirected', { value: true }),
    });
    await worker.keep();
    expect((await navigate(worker, scope))?.redirected).toBe(false);
    expect(await textOf(navigate(worker, scope))).toBe('index.html of 1');
  });
});

describe('a new build', () => {
  it('leaves an open page the files of its own', async () => {
    await workerOf(1).keep();
    deploy(2);
    const worker = workerOf(2);
    await worker.keep();
    await worker.forgetOld();
    expect(await textOf(load(worker, 'assets/panel-1.js'))).toBe('assets/panel-1.js of 1');
    expect(await textOf(navigate(worker, scope))).toBe('index.html of 2');
  });

  it('fetches only what has changed', async () => {
    await workerOf(1).keep();
    deploy(2);
    asked = [];
    await workerOf(2).keep();
    expect(asked.map((url) => new URL(url).pathname)).not.toContain('/some/path/assets/shared.js');
    expect(asked).toHaveLength(3);
  });

  it('knows which files are its own', () => {
    expect(workerOf(2).has(`${scope}assets/index-2.js`)).toBe(true);
    expect(workerOf(2).has(`${scope}assets/index-1.js`)).toBe(false);
  });

  it('makes the oldest ones be forgotten', async () => {
    const count = keptBuilds + 2;
    for (let build = 1; build <= count; build += 1) {
      deploy(build);
      const worker = workerOf(build);
      await worker.keep();
      await worker.forgetOld();
    }
    expect(await caches.keys()).toHaveLength(keptBuilds);
    const worker = workerOf(count);
    expect(await textOf(load(worker, `assets/panel-${count - 1}.js`))).toContain('panel');
    expect((await load(worker, 'assets/panel-1.js'))?.status).toBe(404);
  });

  it('of another copy of the page on the same host stays out of this one’s', async () => {
    await workerOf(1).keep();
    const elsewhere = `${scope}deeper/`;
    for (let build = 2; build < 9; build += 1) {
      deploy(build, elsewhere);
      const worker = workerOf(build, elsewhere);
      await worker.keep();
      await worker.forgetOld();
    }
    goOffline();
    expect(await textOf(navigate(workerOf(1), scope))).toBe('index.html of 1');
  });
});
