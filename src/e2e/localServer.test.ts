/** The server in the page, in a real browser: the built page on a plain file server, and nothing else. */
import type { Browser, BrowserContext } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { startBrowser } from './support/browser';
import { atChat, type ChatPage } from './support/chatPage';
import { type StaticHost, startStaticHost } from './support/staticHost';

/** Opens a room without the companion, unless `query` says otherwise: people alone count there. */
async function openTab(
  context: BrowserContext,
  host: StaticHost,
  query: Record<string, string>,
): Promise<ChatPage> {
  const page = await context.newPage();
  await page.goto(`${host.url}?${new URLSearchParams({ lang: 'en', room: 'tea', ...query })}`);
  return atChat(page);
}

async function openBrowser() {
  const host = await startStaticHost();
  const { browser } = await startBrowser();
  return { host, browser, context: await browser.newContext({ acceptDownloads: true }) };
}

const peopleHere = (chat: ChatPage) =>
  chat.page.getByRole('complementary', { name: 'People' }).getByRole('listitem');

describe('the server in the page', () => {
  it('lets two tabs under two names chat', async () => {
    const { host, context } = await openBrowser();
    const ann = await openTab(context, host, { name: 'Ann' });
    const bob = await openTab(context, host, { name: 'Bob' });
    await ann.untilConnection('open');
    await bob.untilConnection('open');
    await ann.write('hello Bob');
    await bob.untilBodies(['hello Bob']);
    await bob.write('hello Ann');
    await ann.untilBodies(['hello Bob', 'hello Ann']);
    await bob.untilAllSent();
    expect((await ann.messages()).map(({ author, seq }) => [author, seq])).toEqual([
      ['Ann', 1],
      ['Bob', 2],
    ]);
  });

  it('has the conversation as it was, and everybody as who they were, after every tab was closed', async () => {
    const { host, context } = await openBrowser();
    const ann = await openTab(context, host, { name: 'Ann' });
    await ann.untilConnection('open');
    await ann.write('first');
    await ann.write('second');
    await ann.untilAllSent();
    const before = await ann.messages();
    await ann.page.close();

    const again = await openTab(context, host, { name: 'Ann' });
    await again.untilConnection('open');
    await again.untilBodies(['first', 'second']);
    expect(await again.messages()).toEqual(before);
    await again.write('third');
    await again.untilAllSent();
    expect((await again.exportRoom()).messages.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  it('is another one in a private window, which is alone and told so', async () => {
    const { host, browser, context } = await openBrowser();
    const ann = await openTab(context, host, { name: 'Ann' });
    await ann.untilConnection('open');
    await ann.write('only for this browser');
    await ann.untilAllSent();
    const stranger = await openTab(await browser.newContext(), host, { name: 'Zoë' });
    await stranger.untilConnection('open');
    await stranger.page.getByText('private windows cannot').waitFor();
    expect(await stranger.messages()).toEqual([]);
  });

  it('notices at once that a tab was killed', async () => {
    const { host, context } = await openBrowser();
    const ann = await openTab(context, host, { name: 'Ann' });
    const bob = await openTab(context, host, { name: 'Bob' });
    await bob.untilConnection('open');
    await expect.poll(() => peopleHere(ann).count()).toBe(2);
    const crashed = bob.page.waitForEvent('crash');
    void bob.page.goto('chrome://crash').catch(() => {});
    await crashed;
    await expect.poll(() => peopleHere(ann).count(), { timeout: 20_000 }).toBe(1);
  });

  it('has the companion in the lobby, which one person alone talks to', async () => {
    const { host, context } = await openBrowser();
    const ann = await openTab(context, host, { name: 'Ann', room: 'lobby' });
    await ann.untilConnection('open');
    const bodies = async () => (await ann.messages()).map(({ body }) => body).join('\n');
    await expect.poll(bodies, { timeout: 20_000 }).toContain('Hello, Ann!');
    await ann.write('/drop');
    await expect.poll(bodies, { timeout: 20_000 }).toContain('while you had no line');
    await ann.untilConnection('open');
    await ann.write('hello');
    await expect.poll(bodies, { timeout: 20_000 }).toContain('You said: hello');
    await ann.untilAllSent();
  });
});

/** Ends every SharedWorker of the browser, as a crash does. */
async function killWorkers(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { targetInfos } = await session.send('Target.getTargets');
  const workers = targetInfos.filter(({ type }) => type === 'shared_worker');
  for (const { targetId } of workers) await session.send('Target.closeTarget', { targetId });
  await session.detach();
  return workers.length;
}

/** In every page from now on: messages find no room while the page says `isFull`, and nothing else changes. */
const fillable = `
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...args) {
    if (globalThis.isFull && this.name === 'messages') {
      throw new DOMException('no room', 'QuotaExceededError');
    }
    return put.apply(this, args);
  };
`;

describe('when something goes wrong with the server in the page', () => {
  it('a server that is killed is started anew, and every message arrives once', async () => {
    const { host, browser, context } = await openBrowser();
    const ann = await openTab(context, host, { name: 'Ann' });
    const bob = await openTab(context, host, { name: 'Bob' });
    await ann.untilConnection('open');
    await bob.untilConnection('open');
    await ann.write('before');
    await bob.untilBodies(['before']);
    expect(await killWorkers(browser)).toBe(1);
    await ann.write('while it was away');
    await bob.write('from the other side');
    await ann.untilAllSent(30_000);
    await bob.untilAllSent(30_000);
    const messages = await ann.messages();
    expect(messages.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    await bob.untilBodies(messages.map(({ body }) => body));
  });

  it('a newer page takes over, the older one is asked to reload, and nothing is lost', async () => {
    const { host, context } = await openBrowser();
    const ann = await openTab(context, host, { name: 'Ann' });
    await ann.untilConnection('open');
    await ann.write('in the old version');
    await ann.untilAllSent();

    await host.deployNewBuild();
    const bob = await openTab(context, host, { name: 'Bob' });
    await bob.untilConnection('open', 30_000);
    await bob.untilBodies(['in the old version']);
    await ann.untilConnection('failed');
    await ann.page.getByText('A newer Heartline runs in another tab').waitFor();
    await ann.write('waits for the reload');
    await bob.write('in the new version');
    await bob.untilAllSent();

    await ann.page.getByRole('button', { name: 'Reload the page' }).click();
    await ann.untilConnection('open');
    const bodies = ['in the old version', 'in the new version', 'waits for the reload'];
    await ann.untilBodies(bodies);
    await bob.untilBodies(bodies);
    await ann.untilAllSent();
  });

  it('a storage that is full is told, what is written waits, and goes once there is room', async () => {
    const { host, context } = await openBrowser();
    // Scripts of a test get into pages only: so the server has to be in one.
    await context.addInitScript(`delete globalThis.SharedWorker; ${fillable}`);
    const ann = await openTab(context, host, { name: 'Ann' });
    await ann.untilConnection('open');
    await ann.write('there is room');
    await ann.untilAllSent();
    await ann.page.evaluate('globalThis.isFull = true');
    await ann.write('there is none');
    await ann.page.getByText('The storage of this browser is full').waitFor();
    expect((await ann.messages()).at(-1)?.state).not.toBe('sent');
    await ann.page.evaluate('globalThis.isFull = false');
    await ann.untilAllSent(60_000);
    expect((await ann.messages()).map(({ seq }) => seq)).toEqual([1, 2]);
    await expect.poll(() => ann.page.getByText('storage of this browser is full').count()).toBe(0);
  });

  it('a storage that was written by a later version is left alone, and the chat goes on', async () => {
    const { host, context } = await openBrowser();
    const first = await context.newPage();
    await first.goto(`${host.url}manifest.webmanifest`);
    await first.evaluate(
      (name) =>
        new Promise<void>((resolve, reject) => {
          const request = indexedDB.open(name, 99);
          request.onerror = () => reject(request.error);
          request.onsuccess = () => {
            request.result.close();
            resolve();
          };
        }),
      `heartline server ${new URL(host.url).pathname}`,
    );
    const ann = await openTab(context, host, { name: 'Ann' });
    const bob = await openTab(context, host, { name: 'Bob' });
    await ann.untilConnection('open');
    await ann.page.getByText('was written by a newer Heartline').waitFor();
    await ann.write('in memory');
    await bob.untilBodies(['in memory']);
  });

  it('what the browser was told to forget is gone, and the chat goes on', async () => {
    const { host, context } = await openBrowser();
    const ann = await openTab(context, host, { name: 'Ann' });
    await ann.untilConnection('open');
    await ann.write('before');
    await ann.untilAllSent();
    const session = await context.newCDPSession(ann.page);
    const { origin } = host;
    await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' });
    // With the messages it has forgotten who Ann was.
    await ann.untilConnection('failed', 30_000);
    await ann.page.getByText('Your sign-in is no longer valid').waitFor();
    await ann.page.getByRole('button', { name: 'Connect again' }).click();
    await ann.untilConnection('open');
    await ann.write('after');
    const stateOf = async (text: string) =>
      (await ann.messages()).find(({ body }) => body === text)?.state;
    await expect.poll(() => stateOf('after')).toBe('sent');
  });
});

describe('a browser without SharedWorkers', () => {
  const openOldBrowser = async () => {
    const opened = await openBrowser();
    await opened.context.addInitScript('delete globalThis.SharedWorker');
    return opened;
  };

  it('has the chat in one tab, says so, and finds it as it was', async () => {
    const { host, context } = await openOldBrowser();
    const ann = await openTab(context, host, { name: 'Ann' });
    await ann.untilConnection('open');
    await ann.page.getByText('other tabs cannot join').waitFor();
    await ann.write('alone');
    await ann.untilAllSent();
    await ann.page.reload();
    await ann.untilConnection('open');
    await ann.untilBodies(['alone']);
  });

  it('tells a second tab where the chat is, and brings it there when the first is closed', async () => {
    const { host, context } = await openOldBrowser();
    const ann = await openTab(context, host, { name: 'Ann' });
    await ann.untilConnection('open');
    await ann.write('hello');
    await ann.untilAllSent();
    const bob = await openTab(context, host, { name: 'Bob' });
    await bob.page.getByText('The chat is open in another tab').waitFor();
    await ann.page.close();
    await bob.untilConnection('open');
    await bob.untilBodies(['hello']);
  });

  it('can have it in the second tab at once', async () => {
    const { host, context } = await openOldBrowser();
    const ann = await openTab(context, host, { name: 'Ann' });
    await ann.untilConnection('open');
    const bob = await openTab(context, host, { name: 'Bob' });
    await bob.page.getByRole('button', { name: 'Use it here' }).click();
    await bob.untilConnection('open');
    await ann.page.getByText('The chat is open in another tab').waitFor();
    await bob.page.close();
    await ann.untilConnection('open');
  });
});
