/** The server in the page, in a real browser: the built page on a plain file server, and nothing else. */
import { describe, expect, it } from 'vitest';
import { openChat } from './drivers/chat';
import { everyBrowser } from './drivers/everyBrowser';
import type { ChatPage } from './support/chatPage';
import { openBrowser, openTab } from './support/localTabs';
import { startStaticHost } from './support/staticHost';

const peopleHere = (chat: ChatPage) =>
  chat.page.getByRole('complementary', { name: 'People' }).getByRole('listitem');

describe.each(everyBrowser)('the server in the page ($name)', (driver) => {
  it('lets two tabs under two names chat', async () => {
    const host = await startStaticHost();
    const profile = await (await driver.startBrowser()).newProfile();
    const ann = await openChat(profile, host.url, { name: 'Ann', room: 'tea' });
    const bob = await openChat(profile, host.url, { name: 'Bob', room: 'tea' });
    await ann.untilConnection('open');
    await bob.untilConnection('open');
    await ann.write('hello Bob');
    await bob.untilBodies(['hello Bob']);
    await bob.write('hello Ann');
    await ann.untilBodies(['hello Bob', 'hello Ann']);
    await bob.untilAllSent();
    // What the server keeps in this browser is not kept a second time.
    const databases = await bob.page.evaluate(() => indexedDB.databases());
    expect(databases).toContainEqual(expect.objectContaining({ name: expect.any(String) }));
    expect(databases).not.toContainEqual(expect.objectContaining({ name: 'heartline-pages' }));
    expect((await ann.messages()).map(({ author, seq }) => [author, seq])).toEqual([
      ['Ann', 1],
      ['Bob', 2],
    ]);
  });

  it('has the conversation as it was, and everybody as who they were, after every tab was closed', async () => {
    const host = await startStaticHost();
    const profile = await (await driver.startBrowser()).newProfile();
    const ann = await openChat(profile, host.url, { name: 'Ann', room: 'tea' });
    await ann.untilConnection('open');
    await ann.write('first');
    await ann.write('second');
    await ann.untilBodies(['first', 'second']);
    await ann.untilAllSent();
    const before = await ann.messages();
    await ann.page.close();

    const again = await openChat(profile, host.url, { name: 'Ann', room: 'tea' });
    await again.untilConnection('open');
    await again.untilBodies(['first', 'second']);
    expect(await again.messages()).toEqual(before);
    await again.write('third');
    await again.untilAllSent();
    expect((await again.exportRoom()).messages.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });
});

describe('the server in the page', () => {
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
    await expect.poll(() => peopleHere(ann).count()).toBe(1);
  });

  it('keeps as broken off what the companion was writing when the only tab was loaded anew', async () => {
    const { host, context } = await openBrowser();
    const ann = await openTab(context, host, { name: 'Ann', room: 'lobby' });
    await ann.untilConnection('open');
    const bodies = async () => (await ann.messages()).map(({ body }) => body).join('\n');
    await expect.poll(bodies).toContain('Hello, Ann!');
    await ann.write('/stream');
    const live = async () => (await ann.messages()).find(({ live }) => live === 'writing')?.body;
    await expect.poll(async () => (await live())?.length ?? 0).toBeGreaterThan(100);
    const written = (await live()) ?? '';
    await ann.page.reload();
    await ann.untilConnection('open');
    const cut = async () => (await ann.messages()).filter(({ isCut }) => isCut);
    await expect.poll(cut, { timeout: 15_000 }).toHaveLength(1);
    const [kept] = await cut();
    // What it says is what everybody saw, but for the very last words, which may not have been noted yet.
    expect(written.startsWith((kept?.body ?? '').slice(0, 60))).toBe(true);
    expect(kept?.seq).toBeDefined();
    expect(await bodies()).not.toContain('with this full stop.');
  });

  it('has the companion in the lobby, which one person alone talks to', async () => {
    const { host, context } = await openBrowser();
    const ann = await openTab(context, host, { name: 'Ann', room: 'lobby' });
    await ann.untilConnection('open');
    const bodies = async () => (await ann.messages()).map(({ body }) => body).join('\n');
    await expect.poll(bodies).toContain('Hello, Ann!');
    await ann.write('/drop');
    await expect.poll(bodies).toContain('while you had no line');
    await ann.untilConnection('open');
    await ann.write('hello');
    await expect.poll(bodies).toContain('You said: hello');
    await ann.untilAllSent();
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
