/** The server in the page when the browser, or its storage, is not as it should be: it is told, and the chat goes on. */
import type { Browser } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { openBrowser, openTab } from './support/localTabs';
import type { StaticHost } from './support/staticHost';

/** Ends every SharedWorker of the browser, as a crash does. */
async function killWorkers(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { targetInfos } = await session.send('Target.getTargets');
  const workers = targetInfos.filter(({ type }) => type === 'shared_worker');
  for (const { targetId } of workers) await session.send('Target.closeTarget', { targetId });
  await session.detach();
  return workers.length;
}

/** What the server in the page of this host keeps is named so. */
const databaseOf = ({ url }: StaticHost) => `heartline server ${new URL(url).pathname}`;

/** In a page: opens what is kept as an older version of it, and lets go for nobody. */
function holdAsOlderPage(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('meta').put('an epoch', 'epoch');
      const messages = request.result.createObjectStore('messages', { keyPath: ['room', 'seq'] });
      messages.createIndex('byId', ['id', 'from.id'], { unique: true });
      for (const [store, keyPath, indexes] of [
        ['names', 'key', ['userId', 'untilMs']],
        ['tokens', 'token', ['userId', 'expiresAt']],
      ] as const) {
        const made = request.result.createObjectStore(store, { keyPath });
        made.createIndex('byUser', indexes[0]);
        made.createIndex('byEnd', indexes[1]);
      }
      const revocations = request.result.createObjectStore('revocations', { keyPath: 'userId' });
      revocations.createIndex('byEnd', 'untilMs');
      const marks = request.result.createObjectStore('marks', { keyPath: ['userId', 'room'] });
      marks.createIndex('byRoom', ['room', 'epoch', 'movedAt']);
      marks.createIndex('byMove', 'movedAt');
    };
    request.onerror = () => reject(request.error);
    request.onsuccess = () => resolve();
  });
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
      databaseOf(host),
    );
    const ann = await openTab(context, host, { name: 'Ann' });
    const bob = await openTab(context, host, { name: 'Bob' });
    await ann.untilConnection('open');
    await ann.page.getByText('was written by a newer Heartline').waitFor();
    await ann.write('in memory');
    await bob.untilBodies(['in memory']);
  });

  it('a storage that an older page holds is waited for, which is told, and what is written goes then', async () => {
    const { host, context } = await openBrowser();
    const older = await context.newPage();
    await older.goto(`${host.url}manifest.webmanifest`);
    await older.evaluate(holdAsOlderPage, databaseOf(host));
    const ann = await openTab(context, host, { name: 'Ann' });
    await ann.page.getByText('Another tab with an older Heartline holds the storage').waitFor();
    await ann.write('waits');
    expect((await ann.messages()).map(({ state }) => state)).not.toContain('sent');
    await older.close();
    await ann.untilConnection('open', 30_000);
    await ann.untilAllSent();
    await expect.poll(() => ann.page.getByText('holds the storage').count()).toBe(0);
  });

  it.each([
    [
      'that has no IndexedDB',
      "Object.defineProperty(globalThis, 'indexedDB', { value: undefined })",
    ],
    [
      'whose IndexedDB throws',
      "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError') }",
    ],
    [
      'that keeps nothing at all',
      `IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError') };
       for (const kept of ['localStorage', 'sessionStorage', 'caches'])
         Object.defineProperty(globalThis, kept, {
           get() { throw new DOMException('no', 'SecurityError') },
         });`,
    ],
  ])('a browser %s has the chat in memory, and says so', async (_, script) => {
    const { host, context } = await openBrowser();
    // Scripts of a test get into pages only: so the server has to be in one.
    await context.addInitScript(`delete globalThis.SharedWorker; ${script}`);
    const ann = await openTab(context, host, { name: 'Ann' });
    await ann.untilConnection('open');
    await ann.page.getByText('What is said here is gone once its last tab').waitFor();
    await ann.write('in memory');
    await ann.untilAllSent();
    await ann.page.getByRole('button', { name: 'Search' }).first().click();
    await ann.page.getByRole('searchbox').fill('memory');
    await ann.page.getByRole('complementary').getByText('in memory').waitFor();
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
    await ann.press('Reconnect');
    await ann.untilConnection('open');
    await ann.write('after');
    const stateOf = async (text: string) =>
      (await ann.messages()).find(({ body }) => body === text)?.state;
    await expect.poll(() => stateOf('after')).toBe('sent');
  });

  it('tabs that were open when all of it was forgotten meet again, reloaded or not', async () => {
    const { host, context } = await openBrowser();
    const [ann, bob] = [
      await openTab(context, host, { name: 'Ann' }),
      await openTab(context, host, { name: 'Bob' }),
    ];
    for (const each of [ann, bob]) await each.untilConnection('open');
    const session = await context.newCDPSession(ann.page);
    const { origin } = host;
    await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
    await ann.page.reload();
    await ann.untilConnection('open', 30_000);
    await ann.write('from a page that was reloaded');
    await ann.untilAllSent();
    await bob.untilConnection('failed', 30_000);
    await bob.page.getByRole('button', { name: 'Reconnect' }).click();
    await bob.untilConnection('open');
    await bob.page.getByText('from a page that was reloaded', { exact: true }).waitFor();
  });

  it('databases that are deleted are begun anew, and no tab is told of a newer page', async () => {
    const { host, context } = await openBrowser();
    const ann = await openTab(context, host, { name: 'Ann' });
    await ann.untilConnection('open');
    await ann.page.evaluate(async () => {
      for (const { name } of await indexedDB.databases()) if (name) indexedDB.deleteDatabase(name);
    });
    await ann.untilConnection('failed', 30_000);
    await ann.page.getByText('Your sign-in is no longer valid').waitFor();
    await ann.page.getByRole('button', { name: 'Reconnect' }).click();
    await ann.untilConnection('open');
    await ann.write('after');
    await ann.untilAllSent();
  });
});
