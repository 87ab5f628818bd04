import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { startBrowser } from './support/browser';
import { atChat, type ChatPage, openChat } from './support/chatPage';
import { startServer } from './support/serverProcess';

/** The ids of the messages that a page has handed to the network, oldest first. */
function watchSends(page: Page): string[] {
  const ids: string[] = [];
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => {
      const frames: unknown = JSON.parse(String(payload));
      for (const frame of Array.isArray(frames) ? frames : [frames]) {
        if (frame.t === 'send') ids.push(frame.id);
      }
    });
  });
  return ids;
}

/** Another tab of the same browser, with the same person in it. */
async function openTab(of: ChatPage): Promise<ChatPage> {
  const page = await of.page.context().newPage();
  await page.goto(of.page.url());
  return atChat(page);
}

describe('two tabs of one person', () => {
  it('share what waits: each message is sent once, by one of them', async () => {
    const server = await startServer();
    const { browser } = await startBrowser();
    const first = await openChat(browser, server.url, { name: 'Ann' });
    await first.untilConnection('open');
    const second = await openTab(first);
    await second.untilConnection('open');
    await server.kill('SIGKILL');
    await first.untilConnection('waiting');
    await second.untilConnection('waiting');

    for (const text of ['first 0', 'first 1', 'first 2']) await first.write(text);
    for (const text of ['second 0', 'second 1', 'second 2']) await second.write(text);
    // Each shows what the other has written, though neither has a line.
    await expect.poll(async () => (await first.messages()).length).toBe(6);
    await expect.poll(async () => (await second.messages()).length).toBe(6);

    const sends = [watchSends(first.page), watchSends(second.page)];
    await server.start();
    for (const tab of [first, second]) {
      await tab.untilConnection('open', 30_000);
      await tab.untilAllSent(30_000);
    }
    const shown = await first.messages();
    expect(shown).toHaveLength(6);
    await expect.poll(() => second.messages()).toEqual(shown);
    expect(sends.flat().sort()).toEqual(shown.map(({ id }) => id).sort());
  });

  it('send for one another when one is closed with messages unsent', async () => {
    const server = await startServer();
    const { browser } = await startBrowser();
    const first = await openChat(browser, server.url, { name: 'Ann' });
    await first.untilConnection('open');
    const second = await openTab(first);
    await second.untilConnection('open');
    await first.press('Disconnect');
    await second.press('Disconnect');
    await first.write('left behind');
    await second.page.locator('[data-state="queued"]').waitFor();
    await first.page.close();

    await second.press('Reconnect');
    await second.untilBodies(['left behind']);
    await second.untilAllSent();
  });

  it('are signed out together, after asking, and keep nothing', async () => {
    const server = await startServer();
    const { browser } = await startBrowser();
    const first = await openChat(browser, server.url, { name: 'Ann' });
    await first.untilConnection('open');
    const second = await openTab(first);
    await second.untilConnection('open');
    await first.press('Disconnect');
    await second.press('Disconnect');
    await first.write('never to be sent');
    await first.page.getByRole('button', { name: 'Settings' }).click();
    await first.page.getByRole('button', { name: 'Sign out' }).click();
    const question = first.page.getByRole('alertdialog');
    await question.getByText('1 message was not sent and will be deleted').waitFor();
    await question.getByRole('button', { name: 'Sign out' }).click();
    for (const { page } of [first, second]) {
      await page.getByRole('textbox', { name: 'Your name' }).waitFor();
    }

    const third = await openTab(first);
    await third.page.getByRole('textbox', { name: 'Your name' }).fill('Ann');
    await third.page.getByRole('button', { name: 'Join' }).click();
    await third.untilConnection('open');
    expect(await third.messages()).toEqual([]);
  });
});
