/** Who may come in, as people see it: private rooms, two guests of one name, and signing out for good. */
import type { Browser, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { startBrowser } from './support/browser';
import { openChatClient } from './support/chatClient';
import { atChat, type ChatPage, openChat } from './support/chatPage';
import { startServer } from './support/serverProcess';

/** Opens a whole address, in a browser profile of its own. */
async function openAddress(browser: Browser, address: string): Promise<ChatPage> {
  const page = await (await browser.newContext({ acceptDownloads: true })).newPage();
  await page.goto(address);
  return atChat(page);
}

/** The link that others need, as the page hands it out; each under a name of their own. */
async function linkOf(chat: ChatPage, name: string): Promise<string> {
  await chat.page.getByRole('button', { name: 'Share', exact: true }).click();
  await chat.page.getByRole('button', { name: 'Copy link' }).click();
  await chat.page.getByRole('button', { name: 'Link copied' }).waitFor();
  await chat.page.keyboard.press('Escape');
  // Pasted, as a person would: no page may read the clipboard unasked.
  const field = chat.page.getByRole('textbox', { name: 'Message' });
  await field.fill('');
  await field.press('ControlOrMeta+V');
  const link = new URL(await field.inputValue());
  await field.fill('');
  link.searchParams.set('name', name);
  link.searchParams.set('lang', 'en');
  return link.href;
}

async function openPrivateRoom(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'New private room' }).click();
  await page.getByText('Only its link lets people in.').waitFor();
}

describe('a private room', () => {
  it('is shared by its link; without the whole of it nobody comes in, and the page says why', async () => {
    const server = await startServer();
    const { browser } = await startBrowser();
    const ann = await openChat(browser, server.url, { name: 'Ann' });
    await ann.untilConnection('open');
    await openPrivateRoom(ann.page);
    await ann.untilConnection('open');
    const link = await linkOf(ann, 'Bob');
    const bob = await openAddress(browser, link);
    await bob.untilConnection('open');

    await ann.write('Psst, Bob?');
    await bob.untilBodies(['Psst, Bob?']);
    await bob.write('I am all ears');
    await ann.untilBodies(['Psst, Bob?', 'I am all ears']);
    await ann.untilAllSent();
    const { hash } = new URL(link);
    const key = hash.slice('#key='.length);
    expect(JSON.stringify(await ann.exportRoom())).not.toContain(key);

    const eve = await openAddress(browser, link.replace(hash, '').replace('Bob', 'Eve'));
    const fault = eve.page.getByRole('alert');
    await fault.waitFor();
    expect(await fault.innerText()).toContain('This room is private: open it by its whole link.');
    await eve.page.getByRole('button', { name: 'Go to the lobby' }).click();
    await eve.untilConnection('open');

    // A page could be made to say more; the server lets nobody in all the same.
    const room = new URL(link).searchParams.get('room') ?? '';
    const forged = await openChatClient(server.webSocketUrl);
    const guess = 'A'.repeat(22);
    forged.send(
      { t: 'auth', name: 'Eve', resume: [{ room, epoch: 'e', seq: 0, mid: '', key: guess }] },
      { t: 'join', room },
      { t: 'send', id: 'a', room, body: 'let me in' },
    );
    await forged.until('err', ({ code, id }) => code === 'not_in_room' && id === 'a');
    const heard = forged.received.map((frame) => (frame.t === 'err' ? frame.code : frame.t));
    expect(heard).toEqual(['hello', 'ready', 'forbidden', 'forbidden', 'not_in_room']);
  });

  it('keeps what waits for it through a reload of the browser in another room, and Back leads there', async () => {
    const pageServer = await startServer();
    const chatServer = await startServer(['--allow-origin', pageServer.url]);
    const { browser } = await startBrowser();
    const ann = await openChat(browser, pageServer.url, {
      name: 'Ann',
      server: chatServer.webSocketUrl,
    });
    await ann.untilConnection('open');
    await openPrivateRoom(ann.page);
    await ann.untilConnection('open');
    const bob = await openAddress(browser, await linkOf(ann, 'Bob'));
    await bob.untilConnection('open');

    await chatServer.kill('SIGKILL');
    await ann.untilConnection('waiting');
    await ann.write('written in the outage');
    await ann.page.locator('[data-state="queued"]').waitFor();
    await ann.page.getByRole('textbox', { name: 'Change room' }).fill('tea');
    await ann.page.getByRole('button', { name: 'Go', exact: true }).click();
    await ann.page.getByRole('heading', { level: 1, name: 'tea' }).waitFor();
    await ann.page.reload();
    await ann.page.getByRole('heading', { level: 1, name: 'tea' }).waitFor();

    await chatServer.start();
    await ann.untilConnection('open', 30_000);
    await bob.untilBodies(['written in the outage'], 30_000);
    await ann.page.goBack();
    await ann.page.getByRole('heading', { name: /^Private room/ }).waitFor();
    await ann.untilBodies(['written in the outage']);
    await ann.untilAllSent();
  });
});

describe('two guests of one name', () => {
  const tagsOf = (chat: ChatPage) =>
    chat.page
      .getByRole('log')
      .locator('[data-message-id]')
      .evaluateAll((rows) =>
        rows.map((row) => row.querySelector('[data-part="tag"]')?.textContent ?? ''),
      );

  it('are told apart, after a reload and a restart of the server too', async () => {
    const server = await startServer();
    const { browser } = await startBrowser();
    const ann = await openChat(browser, server.url, { name: 'Ann' });
    await ann.untilConnection('open');
    const other = await openChat(browser, server.url, { name: 'Ann' });
    await other.untilConnection('open');
    await other.page.getByText('Someone else came with this name first.').waitFor();
    expect(await ann.page.getByText('Someone else came with this name first.').count()).toBe(0);

    await ann.write('I am Ann');
    await other.untilBodies(['I am Ann']);
    await other.write('No, I am');
    await ann.untilBodies(['I am Ann', 'No, I am']);
    const [none, tag] = await tagsOf(ann);
    expect(none).toBe('');
    expect(tag).toMatch(/^·[0-9a-z]{4}$/);
    expect((await ann.messages()).map(({ author }) => author)).toEqual(['Ann', 'Ann']);

    await server.kill('SIGKILL');
    await server.start();
    for (const page of [ann, other]) {
      await page.page.reload();
      await page.untilConnection('open', 30_000);
      await page.untilBodies(['I am Ann', 'No, I am']);
      expect(await tagsOf(page)).toEqual(['', tag]);
    }
    await other.write('Still here');
    await ann.untilBodies(['I am Ann', 'No, I am', 'Still here']);
    expect(await tagsOf(ann)).toEqual(['', tag, tag]);
    const { messages } = await ann.exportRoom();
    expect(messages).toMatchObject([
      { author: 'Ann' },
      { author: 'Ann', tag: tag?.slice(1) },
      { author: 'Ann', tag: tag?.slice(1) },
    ]);
    const late = await openChat(browser, server.url, { name: 'Ann' });
    await late.page.getByText('Someone else came with this name first.').waitFor();
  });
});

describe('signing out', () => {
  const tokensIn = (page: Page) =>
    page.evaluate(() =>
      Object.entries(localStorage).flatMap(([key, value]) =>
        key.includes('token ') || key.includes('sign-out ') ? [String(value)] : [],
      ),
    );

  async function signOut({ page }: ChatPage) {
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('textbox', { name: 'Your name' }).waitFor();
  }

  /** What the server closes the line of who shows this token with; 0 if it lets them in. */
  async function closeCodeFor(webSocketUrl: string, token: string): Promise<number> {
    const client = await openChatClient(webSocketUrl);
    client.send({ t: 'auth', name: 'whoever', resume: [], token });
    return Promise.race([client.closed, client.until('ready').then(() => 0)]);
  }

  it('on one device ends the stay of the other, and the token for ever, over a restart too', async () => {
    const server = await startServer();
    const { browser } = await startBrowser();
    const desk = await openChat(browser, server.url, { name: 'Ann' });
    await desk.untilConnection('open');
    const bob = await openChat(browser, server.url, { name: 'Bob' });
    await bob.page.getByRole('list', { name: 'Here now' }).getByText('Ann').waitFor();

    // Another device is another browser with the same proof of who one is.
    const state = await desk.page.context().storageState();
    const context = await browser.newContext({ storageState: state });
    const phone = atChat(await context.newPage());
    await phone.page.goto(desk.page.url());
    await phone.untilConnection('open');
    const [token = ''] = await tokensIn(phone.page);
    expect(await closeCodeFor(server.webSocketUrl, token)).toBe(0);

    await signOut(desk);
    await phone.untilConnection('failed');
    await phone.page.getByText(/signed out on another device/).waitFor();
    await bob.page
      .getByRole('list', { name: 'Here now' })
      .getByText('Ann')
      .waitFor({ state: 'detached' });
    await expect.poll(() => tokensIn(desk.page)).toEqual([]);
    expect(await closeCodeFor(server.webSocketUrl, token)).toBe(4501);

    await server.kill('SIGKILL');
    await server.start();
    expect(await closeCodeFor(server.webSocketUrl, token)).toBe(4501);
    // The name is free again: who comes in by it on the other device is somebody new.
    await phone.press('Reconnect');
    await phone.untilConnection('open');
    expect(await phone.page.getByText('Someone else came with this name first.').count()).toBe(0);
  });

  it('while the server is away is told to it by the next page that reaches it', async () => {
    const pageServer = await startServer();
    const chatServer = await startServer(['--allow-origin', pageServer.url]);
    const { browser } = await startBrowser();
    const query = { name: 'Ann', server: chatServer.webSocketUrl };
    const ann = await openChat(browser, pageServer.url, query);
    await ann.untilConnection('open');
    const [token = ''] = await tokensIn(ann.page);
    await chatServer.kill('SIGKILL');
    await ann.untilConnection('waiting');
    await signOut(ann);
    await ann.page.close();

    await chatServer.start();
    expect(await closeCodeFor(chatServer.webSocketUrl, token)).toBe(0);
    const again = atChat(await ann.page.context().newPage());
    await again.page.goto(`${pageServer.url}?${new URLSearchParams({ ...query, lang: 'en' })}`);
    await again.untilConnection('open');
    expect(await again.page.getByText('Someone else came with this name first.').count()).toBe(0);
    expect(await closeCodeFor(chatServer.webSocketUrl, token)).toBe(4501);
  });
});
