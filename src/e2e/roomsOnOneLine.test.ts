import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { startBrowser } from './support/browser';
import { atChat, type ChatPage, openChat } from './support/chatPage';
import { startFaultProxy } from './support/faultProxy';
import { startServer } from './support/serverProcess';

/** Goes to a room as a person does, by its name. */
async function goTo({ page }: ChatPage, room: string): Promise<void> {
  const field = page.getByRole('textbox', { name: 'Change room' });
  if (!(await field.isVisible())) await page.locator('summary').first().click();
  await field.fill(room);
  await field.press('Enter');
  await page.getByRole('heading', { name: room, level: 1 }).waitFor();
}

/** Another tab of the same browser, with the same person in it. */
async function openTab(of: ChatPage): Promise<ChatPage> {
  const page = await of.page.context().newPage();
  await page.goto(of.page.url());
  return atChat(page);
}

function countSockets(page: Page): () => number {
  let sockets = 0;
  page.on('websocket', () => {
    sockets += 1;
  });
  return () => sockets;
}

const untilTitle = ({ page }: ChatPage, title: string) =>
  expect.poll(() => page.title()).toBe(title);

describe('what is unread in other rooms', () => {
  it('is in the title of each of one’s pages, and goes from all once it is read on one', async () => {
    const server = await startServer();
    const { browser } = await startBrowser();
    const bob = await openChat(browser, server.url, { name: 'Bob' });
    const ann = await openChat(browser, server.url, { name: 'Ann' });
    await ann.untilConnection('open');
    await bob.write('first');
    await ann.untilBodies(['first']);
    await goTo(ann, 'tea');
    await untilTitle(ann, 'tea · Heartline');

    // A second tab, and another browser that has the same token.
    const tab = await openTab(ann);
    const state = await ann.page.context().storageState();
    const elsewhere = await (await browser.newContext({ storageState: state })).newPage();
    await elsewhere.goto(ann.page.url());
    const pages = [ann, tab, atChat(elsewhere)];
    for (const page of pages) await page.untilConnection('open');

    await bob.write('second');
    await bob.write('third');
    for (const page of pages) await untilTitle(page, '(2) tea · Heartline');
    const listed = ann.page.getByRole('link', { name: /^lobby/ });
    await listed.getByText('2 unread').waitFor({ state: 'attached' });

    await goTo(ann, 'lobby');
    await ann.untilBodies(['first', 'second', 'third']);
    await untilTitle(ann, 'lobby · Heartline');
    await listed.getByText('unread').waitFor({ state: 'detached' });
    for (const page of pages.slice(1)) await untilTitle(page, 'tea · Heartline');
  });

  it('is still known after a reload, and what one writes oneself is never unread', async () => {
    const server = await startServer();
    const { browser } = await startBrowser();
    const bob = await openChat(browser, server.url, { name: 'Bob' });
    const ann = await openChat(browser, server.url, { name: 'Ann' });
    await ann.untilConnection('open');
    await ann.write('from me');
    await ann.untilAllSent();
    await goTo(ann, 'tea');
    await bob.write('from Bob');
    await untilTitle(ann, '(1) tea · Heartline');
    await ann.page.reload();
    await untilTitle(ann, '(1) tea · Heartline');
  });
});

describe('going from room to room', () => {
  it('keeps the line, and is there at once on the way back', async () => {
    const server = await startServer();
    const { browser } = await startBrowser();
    const ann = await openChat(browser, server.url, { name: 'Ann' });
    await ann.untilConnection('open');
    const sockets = countSockets(ann.page);
    await ann.page.reload();
    await ann.untilConnection('open');
    await ann.write('in the lobby');
    await ann.untilAllSent();
    await goTo(ann, 'tea');
    await ann.untilBodies([]);
    await ann.write('in tea');
    await ann.untilAllSent();
    await ann.page.goBack();
    await ann.untilBodies(['in the lobby']);
    await ann.page.goForward();
    await ann.untilBodies(['in tea']);
    expect(sockets()).toBe(1);
  });

  it('loses nothing when the line is cut on the way', async () => {
    const server = await startServer();
    const proxy = await startFaultProxy(server.port);
    const { browser } = await startBrowser();
    const bob = await openChat(browser, server.url, { name: 'Bob' });
    const ann = await openChat(browser, proxy.url, { name: 'Ann' });
    await ann.untilConnection('open');
    await ann.write('before');
    await bob.untilBodies(['before']);

    proxy.fail({ kind: 'refuse' });
    await ann.write('in the lobby, without a line');
    await goTo(ann, 'tea');
    await ann.write('in tea, without a line');
    await bob.write('said meanwhile');
    await bob.untilBodies(['before', 'said meanwhile']);
    await bob.untilAllSent();
    proxy.fail({ kind: 'none' });
    await ann.untilConnection('open', 30_000);

    await ann.untilAllSent(30_000);
    await ann.untilBodies(['in tea, without a line']);
    await bob.untilBodies(['before', 'said meanwhile', 'in the lobby, without a line']);
    await goTo(ann, 'lobby');
    await ann.untilBodies(['before', 'said meanwhile', 'in the lobby, without a line']);
    await goTo(bob, 'tea');
    await bob.untilBodies(['in tea, without a line']);
  });
});

describe('what is said while nobody looks', () => {
  /** Has a page be hidden when it is told so, and keeps account of its notifications. */
  const watchNotifications = (page: Page) =>
    page.addInitScript(() => {
      const told: { title: string; body: string; click(): void }[] = [];
      let isHidden = false;
      Object.defineProperty(document, 'visibilityState', {
        get: () => (isHidden ? 'hidden' : 'visible'),
      });
      Object.assign(window, {
        told,
        hide(next: boolean) {
          isHidden = next;
          document.dispatchEvent(new Event('visibilitychange'));
        },
        Notification: class {
          static permission = 'granted';
          onclick: (() => void) | undefined;
          constructor(title: string, { body }: NotificationOptions) {
            told.push({ title, body: body ?? '', click: () => this.onclick?.() });
          }
          close() {}
        },
      });
      localStorage.setItem('heartline.notify', 'on');
    });
  const told = async (page: Page): Promise<string[]> =>
    page.evaluate('told.map(({ title, body }) => [title, body].join(": "))');

  it('is shown once for all tabs, and leads to its room', async () => {
    const server = await startServer();
    const { browser } = await startBrowser();
    const bob = await openChat(browser, server.url, { name: 'Bob' });
    const context = await browser.newContext();
    const pages = [await context.newPage(), await context.newPage()];
    for (const page of pages) {
      await watchNotifications(page);
      await page.goto(`${server.url}?lang=en&name=Ann`);
      await atChat(page).untilConnection('open');
    }
    const [first, second] = pages.map(atChat);
    if (!first || !second) throw new Error('there are two tabs');
    await goTo(first, 'tea');
    await goTo(second, 'tea');

    await bob.write('seen by who looks');
    await untilTitle(first, '(1) tea · Heartline');
    for (const { page } of [first, second]) await page.evaluate('hide(true)');
    await bob.write('anybody there?');
    for (const each of [first, second]) await untilTitle(each, '(2) tea · Heartline');
    const shown = async () => [...(await told(first.page)), ...(await told(second.page))];
    await expect.poll(shown).toEqual(['Bob · lobby: anybody there?']);
    await bob.write('hello?');
    await expect.poll(shown).toHaveLength(2);

    const which = (await told(first.page)).length > 0 ? first : second;
    await which.page.evaluate('hide(false); told.at(-1).click()');
    await which.page.getByRole('heading', { name: 'lobby', level: 1 }).waitFor();
    await which.untilBodies(['seen by who looks', 'anybody there?', 'hello?']);
  });
});
