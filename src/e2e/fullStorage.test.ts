/** A browser whose storage is full, before a server that has room: the person is told, and the chat goes on. */
import { expect, it } from 'vitest';
import { startBrowser } from './support/browser';
import { atChat, openChat } from './support/chatPage';
import { startServer } from './support/serverProcess';

/** In the page from now on: nothing finds room in IndexedDB while it says `isFull`. */
const fillable = `
  for (const name of ['put', 'add']) {
    const write = IDBObjectStore.prototype[name];
    IDBObjectStore.prototype[name] = function (...args) {
      if (globalThis.isFull) throw new DOMException('no room', 'QuotaExceededError');
      return write.apply(this, args);
    };
  }
`;

it('says that what is not sent yet would be lost on a reload, and sends it', async () => {
  const server = await startServer();
  const { browser } = await startBrowser();
  const bob = await openChat(browser, server.url, { name: 'Bob' });
  await bob.untilConnection('open');
  const page = await (await browser.newContext()).newPage();
  await page.addInitScript(fillable);
  await page.goto(`${server.url}?lang=en&name=Ann`);
  const ann = atChat(page);
  await ann.untilConnection('open');
  await ann.write('there is room');
  await ann.untilAllSent();
  const notice = page.getByText('its storage is full, or not allowed here. The chat goes on');
  expect(await notice.count()).toBe(0);

  await page.evaluate('globalThis.isFull = true');
  await ann.write('there is none');
  await notice.waitFor();
  await ann.untilAllSent();
  await bob.untilBodies(['there is room', 'there is none']);

  // Through an outage as well, for as long as the page is there.
  await ann.press('Disconnect');
  await ann.untilConnection('closed');
  await ann.write('without a line');
  await ann.press('Reconnect');
  await ann.untilAllSent();
  await bob.untilBodies(['there is room', 'there is none', 'without a line']);
});
