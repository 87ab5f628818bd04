/** Files over real HTTP: in parts, as what they may be shown as, and to whom. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type BlobReader, BlobRefusedError } from '../blobs/blobs';
import { bytesOf, factsOf } from '../blobs/testFiles';
import { answerFile, rangeOf } from './answerFile';
import { createFileLinks } from './fileLinks';

const bytes = bytesOf(600_000);
const { sha256 } = factsOf(bytes);

async function serve({ open }: { open?(): Promise<BlobReader | undefined> } = {}) {
  const links = createFileLinks(new Uint8Array(32), Date.now);
  const errors: unknown[] = [];
  let opened = 0;
  let closed = 0;
  function readerOf(): BlobReader {
    opened += 1;
    return {
      size: bytes.length,
      read: async (from, to) => bytes.slice(from, to),
      async close() {
        closed += 1;
      },
    };
  }
  const answers = {
    links,
    blobs: { open: open ?? (async () => readerOf()) },
    guard: {
      whyForeign: ({ headers: { origin } }: { headers: { origin?: string | undefined } }) =>
        origin === 'https://friend.example' ? undefined : 'foreign',
    },
    now: Date.now,
    onError: (error: unknown) => errors.push(error),
  };
  const server = createServer((request, response) => {
    void answerFile(request, response, answers, (status) => response.writeHead(status).end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('there is no port');
  const urlOf = (type: string, name = 'a.bin') =>
    `http://127.0.0.1:${address.port}/${links.linkTo({ sha256, name, type }).url}`;
  return {
    errors,
    leaks: () => opened - closed,
    get: (headers: Record<string, string> = {}, type = 'image/png', method = 'GET') =>
      fetch(urlOf(type), { headers, method }),
    urlOf,
  };
}

describe('a file over HTTP', () => {
  it('comes whole, may be kept by the browser alone, and need not come twice', async () => {
    const { get, leaks } = await serve();
    const response = await get();
    expect(response.status).toBe(200);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
    expect(response.headers.get('cache-control')).toMatch(/^private, max-age=\d{4}, immutable$/);
    const etag = response.headers.get('etag') ?? '';
    expect((await get({ 'If-None-Match': `W/${etag}, "x"` })).status).toBe(304);
    const head = await get({}, 'image/png', 'HEAD');
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '600000']);
    await expect.poll(leaks).toBe(0);
  });

  it('comes in the part that is asked for', async () => {
    const { get } = await serve();
    const part = await get({ Range: 'bytes=299990-300009' });
    expect(part.status).toBe(206);
    expect(part.headers.get('content-range')).toBe('bytes 299990-300009/600000');
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(bytes.slice(299_990, 300_010));
    const beyond = await get({ Range: 'bytes=600000-' });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */600000']);
    const changed = await get({ Range: 'bytes=0-1', 'If-Range': '"another"' });
    expect(changed.status).toBe(200);
    const same = await get({ Range: 'bytes=0-1', 'If-Range': `"${sha256}"` });
    expect(same.status).toBe(206);
  });

  it.each([
    ['image/avif', 'image/avif', 'inline'],
    ['audio/ogg', 'audio/ogg', 'inline'],
    ['video/mp4', 'video/mp4', 'inline'],
    ['text/html', 'application/octet-stream', 'attachment'],
    ['image/svg+xml', 'application/octet-stream', 'attachment'],
    ['application/pdf', 'application/octet-stream', 'attachment'],
    ['text/javascript', 'application/octet-stream', 'attachment'],
  ])('that is said to be %s comes as %s', async (type, shown, disposition) => {
    const { headers } = await (await serve()).get({}, type, 'HEAD');
    expect(headers.get('content-type')).toBe(shown);
    expect(headers.get('content-disposition')).toBe(`${disposition}; filename*=UTF-8''a.bin`);
    expect(headers.get('content-security-policy')).toBe("sandbox; default-src 'none'");
  });

  it('may be fetched by a page from elsewhere that may connect, and by no other', async () => {
    const { get } = await serve();
    const allowed = (origin: string) =>
      get({ Origin: origin }, 'image/png', 'HEAD').then(({ headers }) =>
        headers.get('access-control-allow-origin'),
      );
    expect(await allowed('https://friend.example')).toBe('https://friend.example');
    expect(await allowed('https://evil.example')).toBeNull();
  });

  it('is not there without a hint why, or for now', async () => {
    const { get, urlOf, errors } = await serve({ open: async () => undefined });
    expect((await get()).status).toBe(404);
    expect((await fetch(urlOf('image/png').replace(/signature=.../, 'signature=abc'))).status).toBe(
      404,
    );
    const away = await serve({
      open: async () => {
        throw new BlobRefusedError('unavailable', 'away');
      },
    });
    expect((await away.get()).status).toBe(503);
    expect([...errors, ...away.errors]).toEqual([]);
  });

  it('that cannot be read to its end breaks off, so that nobody takes it for whole', async () => {
    const failing = await serve({
      open: async () => ({
        size: bytes.length,
        async read(from, to) {
          if (from > 0) throw new Error('the disk has failed');
          return bytes.slice(from, to);
        },
        async close() {},
      }),
    });
    const response = await failing.get();
    await expect(response.arrayBuffer()).rejects.toThrow();
    expect(failing.errors).toHaveLength(1);
  });
});

it.each([
  [undefined, undefined],
  ['bytes=0-0', { from: 0, to: 1 }],
  ['bytes=5-', { from: 5, to: 10 }],
  ['bytes=5-99', { from: 5, to: 10 }],
  ['bytes=-3', { from: 7, to: 10 }],
  ['bytes=-99', { from: 0, to: 10 }],
  ['bytes=10-', 'beyond'],
  ['bytes=-0', 'beyond'],
  ['bytes=5-4', undefined],
  ['bytes=-', undefined],
  ['bytes=0-1,3-4', undefined],
  ['items=0-1', undefined],
])('the range "%s" of 10 bytes is %o', (header, range) => {
  expect(rangeOf(header, 10)).toEqual(range);
});
