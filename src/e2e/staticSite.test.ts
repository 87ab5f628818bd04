/** The built page on a plain file server, in a folder: it chats, starts without a network, and is replaced. */
import type { BrowserContext, Page } from 'playwright-core';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { startBrowser } from './support/browser';
import { atChat } from './support/chatPage';
import { type ServerProcess, startServer } from './support/serverProcess';
import { type StaticHost, startStaticHost } from './support/staticHost';

/** A page on a plain host, and the server of its chat elsewhere. */
async function startSite() {
  const host = await startStaticHost();
  const server = await startServer(['--allow-origin', host.origin]);
  await host.setServerJson(JSON.stringify({ server: server.webSocketUrl }));
  const { browser } = await startBrowser();
  const newContext = () => browser.newContext({ acceptDownloads: true });
  return { host, server, context: await newContext(), newContext };
}

/** Notes what a page does that no page on a plain host may, from its first moment. */
async function watch(context: BrowserContext, { origin }: StaticHost, server: ServerProcess) {
  const complaints: string[] = [];
  const ownHosts = [new URL(origin).host, new URL(server.url).host];
  const note = (url: string) => {
    if (!ownHosts.includes(new URL(url).host)) complaints.push(`a request to ${url}`);
  };
  context.on('request', (request) => note(request.url()));
  await context.exposeFunction('noteComplaint', (what: string) => void complaints.push(what));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      Reflect.get(window, 'noteComplaint')(`${event.effectiveDirective}: ${event.blockedURI}`);
    });
  });
  context.on('page', (page) => {
    page.on('websocket', (socket) => note(socket.url()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
  });
  return complaints;
}

async function openAs(context: BrowserContext, { url }: StaticHost, name: string) {
  const page = await context.newPage();
  await page.goto(`${url}?${new URLSearchParams({ lang: 'en', name })}`);
  return atChat(page);
}

/** Waits until the page can start without a network. */
async function untilKept(page: Page, host: StaticHost) {
  const count = await host.countFiles();
  const kept = () =>
    page.evaluate(async () => {
      const names = (await caches.keys()).filter((name) => name.startsWith('heartline-files '));
      const newest = names.at(-1);
      const files = newest === undefined ? [] : await (await caches.open(newest)).keys();
      return [files.length, navigator.serviceWorker.controller !== null];
    });
  await expect.poll(kept).toEqual([count, true]);
}

/** Waits until the room is kept as it is shown. */
async function untilRoomKept(page: Page, bodies: readonly string[]) {
  const kept = () =>
    page.evaluate(
      () =>
        new Promise<string[]>((resolve, reject) => {
          const opening = indexedDB.open('heartline-pages');
          opening.onerror = () => reject(opening.error);
          opening.onsuccess = () => {
            const reading = opening.result.transaction('pages').objectStore('pages').getAll();
            reading.onerror = () => reject(reading.error);
            reading.onsuccess = () => {
              opening.result.close();
              resolve(
                reading.result.flatMap(({ messages }) =>
                  messages.map(({ body }: { body: string }) => body),
                ),
              );
            };
          };
        }),
    );
  await expect.poll(kept).toEqual(bodies);
}

const settingsOf = (page: Page) => page.getByRole('dialog', { name: 'Settings' });
const openSettings = async (page: Page) => {
  await page.getByRole('button', { name: 'Settings' }).click();
  await settingsOf(page).getByText('Theme').waitFor();
};
const newVersion = (page: Page) => page.getByText('A new version of this page is ready');

describe('the page on a plain file server', () => {
  it('chats from any folder, asks nobody else for anything, and keeps to its policy', async () => {
    const { host, server, context, newContext } = await startSite();
    const complaints = await watch(context, host, server);
    const bob = await openAs(await newContext(), host, 'Bob');
    await bob.untilConnection('open');

    const page = await context.newPage();
    await page.goto(`${host.url}?lang=en`);
    await page.getByRole('textbox', { name: 'Your name' }).fill('Ann');
    await page.getByRole('button', { name: 'Join' }).click();
    const ann = atChat(page);
    await ann.untilConnection('open');
    await ann.write('hello from a folder');
    await bob.untilBodies(['hello from a folder']);
    await bob.write('welcome 👋');
    await ann.untilBodies(['hello from a folder', 'welcome 👋']);

    // What is fetched when it is wanted is found in the folder, too.
    await openSettings(page);
    await page.getByText('Dark', { exact: true }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Emoji' }).first().click();
    await page.getByRole('dialog').getByText('😀').first().waitFor();
    await page.keyboard.press('Escape');
    await page.reload();
    await ann.untilConnection('open');
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
    await untilKept(page, host);
    expect(complaints).toEqual([]);
  });

  it('says what it may do where the host says nothing', async () => {
    const { host, context } = await startSite();
    const page = await context.newPage();
    const response = await page.goto(host.url);
    expect(response?.headers()['content-security-policy']).toBeUndefined();
    await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = "document.title = 'run'";
      document.body.append(script);
      const image = document.createElement('img');
      image.src = 'https://evil.example/pixel.png';
      document.body.append(image);
    });
    expect(await page.title()).toBe('Heartline');
    const policy = page.locator('meta[http-equiv="Content-Security-Policy"]');
    expect(await policy.getAttribute('content')).toContain("script-src 'self'");
  });

  it('can be installed', async () => {
    const { host, context } = await startSite();
    const ann = await openAs(context, host, 'Ann');
    await ann.untilConnection('open');
    await untilKept(ann.page, host);
    const session = await context.newCDPSession(ann.page);
    const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
    // A window of a test's own is taken for a private one, which nothing is installed from.
    const errors = installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito');
    expect(errors).toEqual([]);
    const { url, errors: faults, data = '' } = await session.send('Page.getAppManifest');
    expect(url).toBe(`${host.url}manifest.webmanifest`);
    expect(faults).toEqual([]);
    const iconsSchema = v.object({ icons: v.array(v.object({ src: v.string() })) });
    for (const { src } of v.parse(iconsSchema, JSON.parse(data)).icons) {
      expect((await ann.page.request.get(new URL(src, url).href)).ok()).toBe(true);
    }
  });
});

describe('without a network', () => {
  it('the page starts, shows the room as it was, and sends later what is written meanwhile', async () => {
    const { host, server, context, newContext } = await startSite();
    const complaints = await watch(context, host, server);
    const ann = await openAs(context, host, 'Ann');
    const bob = await openAs(await newContext(), host, 'Bob');
    await Promise.all([ann.untilConnection('open'), bob.untilConnection('open')]);
    await ann.write('before the tunnel');
    await bob.write('see you');
    await ann.untilBodies(['before the tunnel', 'see you']);
    await untilKept(ann.page, host);
    await untilRoomKept(ann.page, ['before the tunnel', 'see you']);

    await context.setOffline(true);
    await host.stop();
    await ann.page.reload();
    await ann.untilBodies(['before the tunnel', 'see you']);
    await ann.untilConnection('offline');
    await ann.page.getByText('What you see is from your last visit').waitFor();
    await expect
      .poll(() => ann.page.locator('[data-message-id][data-mine="true"]').count())
      .toBe(1);
    await ann.write('from the tunnel');
    await ann.page.locator('[data-state="queued"]').waitFor();
    // What is fetched when it is wanted is there, too.
    await openSettings(ann.page);
    await ann.page.keyboard.press('Escape');
    await ann.page.reload();
    await ann.untilBodies(['before the tunnel', 'see you', 'from the tunnel']);

    await bob.write('while you were away');
    await host.start();
    await context.setOffline(false);
    await ann.untilConnection('open');
    await ann.untilAllSent();
    await ann.untilBodies([
      'before the tunnel',
      'see you',
      'while you were away',
      'from the tunnel',
    ]);
    await bob.untilBodies([
      'before the tunnel',
      'see you',
      'while you were away',
      'from the tunnel',
    ]);
    expect(await ann.page.getByText('What you see is from your last visit').count()).toBe(0);
    expect(complaints.filter((each) => !each.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([]);
  });
});

describe('a new version of the page', () => {
  it('waits, is offered quietly, and comes with a reload; open pages go on as they are', async () => {
    const { host, context } = await startSite();
    const ann = await openAs(context, host, 'Ann');
    const zoe = await openAs(context, host, 'Zoe');
    await Promise.all([ann.untilConnection('open'), zoe.untilConnection('open')]);
    await untilKept(ann.page, host);
    const entryOf = (page: Page) => page.locator('script[type="module"]').getAttribute('src');
    const before = await entryOf(ann.page);

    await host.deployNewBuild();
    // The browser looks for a new one when a page is opened.
    const bob = await openAs(context, host, 'Bob');
    expect(await entryOf(bob.page)).toBe(before);
    for (const { page } of [ann, zoe, bob]) await newVersion(page).waitFor();

    await ann.write('half a thought');
    await ann.page.getByRole('button', { name: 'Reload', exact: true }).click();
    await expect.poll(() => entryOf(ann.page).catch(() => undefined)).not.toBe(before);
    await ann.untilConnection('open');
    await ann.untilBodies(['half a thought']);
    expect(await newVersion(ann.page).count()).toBe(0);

    // The host has nothing of the old build any more, and yet the old page lacks nothing.
    await openSettings(zoe.page);
    await zoe.page.keyboard.press('Escape');
    await zoe.write('still here');
    await ann.untilBodies(['half a thought', 'still here']);
    expect(await entryOf(zoe.page)).toBe(before);
    await newVersion(zoe.page).waitFor();
  });
});

describe('a server.json', () => {
  it.each([
    ['that is missing', undefined, 'There is no server.json beside this page.'],
    ['that is another page', '<!doctype html>', 'server.json beside this page is not JSON.'],
    ['that names no server', '{}', 'server.json beside this page names no server.'],
  ])('%s is told, and the chat goes on with the server it named before', async (_, text, words) => {
    const { host, context } = await startSite();
    const ann = await openAs(context, host, 'Ann');
    await ann.untilConnection('open');
    await ann.write('before');
    await ann.untilAllSent();
    await host.setServerJson(text);
    await ann.page.reload();
    await ann.page.getByText(`${words} The server that it named before is used.`).waitFor();
    await ann.untilConnection('open');
    await ann.untilBodies(['before']);
  });
});
