/**
 * Files from browser to browser, through a network that fails, a server that is killed, reloads and other tabs: what
 * is saved on the other side is what was picked, to the last byte.
 */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { startBrowser } from './support/browser';
import { atChat, type ChatPage, openChat } from './support/chatPage';
import { startFaultProxy } from './support/faultProxy';
import { fileOf, savedDigest, sendFile } from './support/filePages';
import { startServer } from './support/serverProcess';

const bar = (page: Page) => page.getByRole('log').getByRole('progressbar');

/** Waits until so much of the file is at the server, in percent. */
const untilSent = ({ page }: ChatPage, percent: number) =>
  expect
    .poll(
      async () => {
        const [now, max] = await Promise.all(
          ['aria-valuenow', 'aria-valuemax'].map((name) => bar(page).getAttribute(name)),
        );
        return (100 * Number(now)) / Number(max ?? 100);
      },
      { timeout: 90_000, interval: 20 },
    )
    .toBeGreaterThanOrEqual(percent);

describe('a file that is sent from page to page', () => {
  it('arrives as it was: 20 MB, five cuts, and a server that was killed', {
    timeout: 240_000,
  }, async () => {
    const server = await startServer();
    const proxy = await startFaultProxy(server.port);
    const { path, digest } = await fileOf(20_000_000, 'large.bin');
    const { browser } = await startBrowser();
    const ann = await openChat(browser, proxy.url, { name: 'Ann' });
    const bob = await openChat(browser, server.url, { name: 'Bob' });
    await ann.untilConnection('open');
    await bob.untilConnection('open');

    await sendFile(ann, path, 'here it is');
    for (const percent of [8, 22, 36, 50, 64]) {
      await untilSent(ann, percent);
      proxy.resetAll();
    }
    await untilSent(ann, 75);
    await server.kill('SIGKILL');
    await server.start();

    await bob.untilBodies(['here it is'], 120_000);
    expect(await savedDigest(bob.page)).toBe(digest);
    await ann.untilAllSent(30_000);
  });

  it('goes on after a reload in the middle', async () => {
    const server = await startServer();
    const { path, digest } = await fileOf(8_000_000, 'reload.bin');
    const { browser } = await startBrowser();
    const ann = await openChat(browser, server.url, { name: 'Ann' });
    const bob = await openChat(browser, server.url, { name: 'Bob' });
    await ann.untilConnection('open');
    await bob.untilConnection('open');

    await sendFile(ann, path, 'once more');
    await untilSent(ann, 30);
    await ann.page.reload();
    await bob.untilBodies(['once more'], 60_000);
    expect(await savedDigest(bob.page)).toBe(digest);
    await ann.untilAllSent();
    expect((await ann.messages()).map(({ body }) => body)).toEqual(['once more']);
  });

  it('is sent by another tab when its own is closed', async () => {
    const server = await startServer();
    const { path, digest } = await fileOf(8_000_000, 'tabs.bin');
    const { browser } = await startBrowser();
    const first = await openChat(browser, server.url, { name: 'Ann' });
    await first.untilConnection('open');
    const page = await first.page.context().newPage();
    await page.goto(first.page.url());
    const second = atChat(page);
    await second.untilConnection('open');
    const bob = await openChat(browser, server.url, { name: 'Bob' });
    await bob.untilConnection('open');

    await sendFile(first, path, 'by the other');
    // Both see how far it is.
    await untilSent(second, 20);
    await first.page.close();
    await bob.untilBodies(['by the other'], 60_000);
    expect(await savedDigest(bob.page)).toBe(digest);
    await second.untilAllSent();
  });
});
