/** The server in the page, in a real browser: the built page on a plain file server, and nothing else. */
import type { BrowserContext } from 'playwright-core';
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
