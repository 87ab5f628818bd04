/**
 * Files on their way through a network that fails and a server that is killed: what arrives is what was sent, to
 * the last byte.
 */
import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { startFaultProxy } from './support/faultProxy';
import { startServer } from './support/serverProcess';
import { openSession } from './support/sessionClient';

const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** The bytes that the server gives out under this link. */
async function fetched(serverUrl: string, link: string): Promise<Uint8Array> {
  const answer = await fetch(new URL(link, serverUrl));
  expect(answer.status).toBe(200);
  return new Uint8Array(await answer.arrayBuffer());
}

describe('a session outside of a browser', () => {
  it('brings a file of 20 MB through five cuts and a killed server', {
    timeout: 300_000,
  }, async () => {
    const server = await startServer();
    const proxy = await startFaultProxy(server.port);
    const url = `${proxy.url.replace('http', 'ws')}ws`;
    const ann = openSession(url, 'Ann');
    const bob = openSession(server.webSocketUrl, 'Bob');
    await expect.poll(() => ann.shown.largestFileBytes).toBeGreaterThan(20_000_000);
    await expect.poll(() => bob.shown.isLoaded).toBe(true);

    const bytes = new Uint8Array(randomBytes(20_000_000));
    const file = new File([bytes], 'large.bin');
    // Slow enough that its middle can be met.
    proxy.fail({ kind: 'slow drip', bytesPerSecond: 4_000_000 });
    expect(await ann.actions.attach([file], 'here it is')).toEqual([]);
    const have = () => ann.shown.messages[0]?.upload?.have ?? 0;
    for (const share of [0.1, 0.25, 0.4, 0.55, 0.7]) {
      await expect
        .poll(have, { timeout: 60_000, interval: 10 })
        .toBeGreaterThan(share * bytes.length);
      proxy.resetAll();
    }
    await expect.poll(have, { timeout: 60_000, interval: 10 }).toBeGreaterThan(0.8 * bytes.length);
    expect(have()).toBeLessThan(bytes.length);
    await server.kill('SIGKILL');
    proxy.fail({ kind: 'none' });
    await server.start();

    await expect
      .poll(() => bob.shown.messages[0]?.file, { timeout: 90_000 })
      .toMatchObject({
        name: 'large.bin',
        size: bytes.length,
      });
    expect(bob.shown.messages).toMatchObject([{ body: 'here it is' }]);
    const link = await bob.actions.linkOf(bob.shown.messages[0]?.seq ?? 0, 'whole');
    expect(digestOf(await fetched(server.url, link))).toBe(digestOf(bytes));
    await expect.poll(() => ann.shown.messages[0]?.state).toBe('sent');
  });
});
