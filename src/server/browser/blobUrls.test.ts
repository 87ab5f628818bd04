import { describe, expect, it } from 'vitest';
import { createManualTime } from '../../testing/manualTime';
import type { BlobReader } from '../blobs/blobs';
import { createBlobUrls, leastLifetimeMs, mostBytes } from './blobUrls';

const quarterMs = 900_000;
const png = (sha256: string) => ({ sha256, name: 'a.png', type: 'image/png' });

/** Bytes of any size cost nothing here. */
const readerOf = (size: number): BlobReader => ({
  size,
  async read() {
    const bytes = new Uint8Array(1);
    Object.defineProperty(bytes, 'length', { value: size });
    return bytes;
  },
  async close() {},
});

function createWorld(sizeOf: (sha256: string) => number | undefined = () => 10) {
  const time = createManualTime();
  const live = new Map<string, string>();
  let count = 0;
  const urls = createBlobUrls(
    {
      async open(sha256) {
        const size = sizeOf(sha256);
        return size === undefined ? undefined : readerOf(size);
      },
    },
    time,
    {
      createObjectURL(blob) {
        count += 1;
        live.set(`blob:${count}`, blob instanceof Blob ? blob.type : '');
        return `blob:${count}`;
      },
      revokeObjectURL: (url) => void live.delete(url),
    },
  );
  return { time, live, urls };
}

describe('an address of kept bytes', () => {
  it('is the same within a quarter of an hour, and ends after more than one', async () => {
    const { time, live, urls } = createWorld();
    const link = await urls.linkOf(png('a'));
    expect(link).toEqual({ url: 'blob:1', expiresIn: leastLifetimeMs + quarterMs });
    time.advance(quarterMs - 1);
    expect((await urls.linkOf(png('a')))?.url).toBe('blob:1');
    time.advance(leastLifetimeMs);
    expect(live.size).toBe(1);
    time.advance(1);
    expect([live.size, time.armed]).toEqual([0, 0]);
    expect((await urls.linkOf(png('a')))?.url).toBe('blob:2');
  });

  it('is one for all who ask for it at once', async () => {
    const { live, urls } = createWorld();
    const [one, other] = await Promise.all([urls.linkOf(png('a')), urls.linkOf(png('a'))]);
    expect([one?.url, other?.url]).toEqual(['blob:1', 'blob:1']);
    expect([...live.keys()]).toEqual(['blob:1']);
  });

  it('holds as long as was said of it, also where another is made meanwhile', async () => {
    const { time, live, urls } = createWorld();
    await urls.linkOf(png('a'));
    time.advance(quarterMs);
    expect((await urls.linkOf(png('a')))?.url).toBe('blob:2');
    time.advance(leastLifetimeMs - 1);
    expect([...live.keys()]).toEqual(['blob:1', 'blob:2']);
    time.advance(1);
    expect([...live.keys()]).toEqual(['blob:2']);
    expect((await urls.linkOf(png('a')))?.url).toBe('blob:3');
  });

  it('is asked of the bytes again where they could not be read', async () => {
    let isAway = true;
    const { urls } = createWorld(() => {
      if (isAway) throw new Error('away');
      return 10;
    });
    await expect(urls.linkOf(png('a'))).rejects.toThrow('away');
    isAway = false;
    expect((await urls.linkOf(png('a')))?.url).toBe('blob:1');
  });

  it('has a type that is shown and never run', async () => {
    const { live, urls } = createWorld();
    await urls.linkOf(png('a'));
    await urls.linkOf({ ...png('b'), type: 'text/html' });
    await urls.linkOf({ ...png('c'), type: 'image/svg+xml' });
    const bytes = 'application/octet-stream';
    expect([...live.values()]).toEqual(['image/png', bytes, bytes]);
  });

  it('gives way, the oldest first, where all of them would keep too much in memory', async () => {
    const { live, urls } = createWorld(() => mostBytes / 2);
    for (const sha256 of ['a', 'b', 'c']) await urls.linkOf(png(sha256));
    expect([...live.keys()]).toEqual(['blob:2', 'blob:3']);
  });

  it('is none where there are no bytes, and ends with the server', async () => {
    const { time, live, urls } = createWorld((sha256) => (sha256 === 'a' ? 10 : undefined));
    expect(await urls.linkOf(png('b'))).toBeUndefined();
    await urls.linkOf(png('a'));
    urls.close();
    expect([live.size, time.armed]).toEqual([0, 0]);
  });
});
