import { describe, expect, it } from 'vitest';
import { readOwnServer } from './ownServer';
import { createMemoryNotes } from './testing/memoryNotes';

const baseUrl = 'https://host.example/some/path/index.html';

/** A page beside a file that holds this, or whose host answers so. */
function createPage(first: string | (() => Promise<Response>)) {
  const storage = createMemoryNotes();
  const asked: string[] = [];
  let answer = first;
  return {
    asked,
    change(next: typeof answer) {
      answer = next;
    },
    read: (from = baseUrl) =>
      readOwnServer({
        baseUrl: from,
        storage,
        isServer: (server) => server === 'local:' || URL.canParse(server, 'wss://host.example'),
        async fetch(url) {
          asked.push(url.href);
          return typeof answer === 'string' ? new Response(answer) : answer();
        },
      }),
  };
}

const notFound = async () => new Response('<h1>404</h1>', { status: 404 });
const noNetwork = () => Promise.reject(new TypeError('Failed to fetch'));

describe('the page’s own server', () => {
  it('is the one that server.json beside it names', async () => {
    const page = createPage('{"server": "/ws"}');
    expect(await page.read()).toEqual({ server: '/ws' });
    expect(page.asked).toEqual(['https://host.example/some/path/server.json']);
  });

  const broken: [string, Parameters<typeof createPage>[0], object][] = [
    ['missing', notFound, { kind: 'not there' }],
    ['out of reach', noNetwork, { kind: 'unreachable' }],
    [
      'answered with an error',
      async () => new Response('', { status: 503 }),
      { kind: 'unreachable' },
    ],
    ['the page of a 404 that says 200', '<!doctype html><title>404</title>', { kind: 'not JSON' }],
    ['empty', '', { kind: 'not JSON' }],
    ['of another kind', '["/ws"]', { kind: 'names no server' }],
    ['a name that is no text', '{"server": 5}', { kind: 'names no server' }],
    ['no address', '{"server": "http://"}', { kind: 'bad address', value: 'http://' }],
  ];

  it.each(broken)(
    'is in the page where the file is %s, and that is told',
    async (_, file, problem) => {
      expect(await createPage(file).read()).toEqual({ server: 'local:', problem });
    },
  );

  it.each(broken)('is the one before where the file is %s', async (_, file, problem) => {
    const page = createPage('{"server": "/ws"}');
    await page.read();
    page.change(file);
    const isQuiet = 'kind' in problem && problem.kind === 'unreachable';
    expect(await page.read()).toEqual({
      server: '/ws',
      isFromBefore: true,
      ...(!isQuiet && { problem }),
    });
  });

  it('is no other copy’s on the same host', async () => {
    const page = createPage('{"server": "/ws"}');
    await page.read();
    page.change(noNetwork);
    expect(await page.read('https://host.example/other/')).toMatchObject({ server: 'local:' });
  });
});
