/** Files as people see them, in a real browser: how they are attached, how they go, and what stands at the other's. */
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { startBrowser } from './support/browser';
import { atChat, type ChatPage, openChat } from './support/chatPage';
import { startFaultProxy } from './support/faultProxy';
import {
  dragFile,
  fileOf,
  noisyPng,
  pastePicture,
  pickFiles,
  savedDigest,
  sendFile,
} from './support/filePages';
import { startServer } from './support/serverProcess';

const button = (where: Page | Locator, name: string | RegExp) =>
  where.getByRole('button', { name, ...(typeof name === 'string' && { exact: true }) });
const chips = ({ page }: ChatPage) => page.getByRole('list', { name: 'Attached files' });
const rowsWithFile = ({ page }: ChatPage) =>
  page.getByRole('log').locator('[data-message-id]:has([data-part="file"])');
const rowOf = ({ page }: ChatPage, body: string) =>
  page.getByRole('log').locator('[data-message-id]', { hasText: body });
const untilOpen = (...chats: ChatPage[]) =>
  Promise.all(chats.map((chat) => chat.untilConnection('open')));

/** How wide a picture is that the browser has loaded; 0 while it has none. */
const widthOf = (picture: Locator) =>
  picture.evaluate((image) => (image instanceof HTMLImageElement ? image.naturalWidth : 0));

async function startPair(flags: readonly string[] = []) {
  const server = await startServer(flags);
  const proxy = await startFaultProxy(server.port);
  const { browser } = await startBrowser({ hasMicrophone: true });
  const ann = await openChat(browser, proxy.url, { name: 'Ann', room: 'tea' });
  const bob = await openChat(browser, server.url, { name: 'Bob', room: 'tea' });
  await untilOpen(ann, bob);
  return { server, proxy, browser, ann, bob };
}

describe('a page whose server is elsewhere', () => {
  it('shows a picture, small and large, and its policy forbids nothing of that', async () => {
    const pageServer = await startServer();
    const chatServer = await startServer(['--allow-origin', pageServer.url]);
    const { browser } = await startBrowser();
    const bob = await openChat(browser, pageServer.url, {
      name: 'Bob',
      room: 'tea',
      server: chatServer.webSocketUrl,
    });
    const ann = await openChat(browser, chatServer.url, { name: 'Ann', room: 'tea' });
    await untilOpen(ann, bob);
    const errors: string[] = [];
    bob.page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    const { path } = await fileOf(noisyPng(1_500, 1_000), 'sea.png');
    await sendFile(ann, path, 'look');

    const opener = rowOf(bob, 'look').getByRole('button', { name: 'sea.png, by Ann' });
    await expect.poll(() => widthOf(opener.locator('img'))).toBeGreaterThan(0);
    await opener.click();
    const large = bob.page.getByRole('dialog').getByRole('img', { name: 'sea.png, by Ann' });
    await expect.poll(() => widthOf(large)).toBe(1_500);
    expect(errors).toEqual([]);
  });
});

describe('attaching', () => {
  it('takes files by the button, from the clipboard and by a drop, and sends them in that order', async () => {
    const { ann, bob } = await startPair();
    const { page } = ann;
    const picked = await fileOf(1_000, 'picked.bin');
    const dropped = await fileOf(2_000, 'dropped.bin');

    const choosing = page.waitForEvent('filechooser');
    await button(page, 'Attach').click();
    await (await choosing).setFiles(picked.path);
    await chips(ann).getByText('picked').waitFor();

    await pastePicture(page, noisyPng(60, 40));
    await expect.poll(() => chips(ann).getByRole('listitem').count()).toBe(2);

    const { drop } = await dragFile(page, dropped.path, page.getByRole('log'));
    await page.getByText('Drop to attach').waitFor();
    await drop();
    await page.getByText('Drop to attach').waitFor({ state: 'detached' });
    await expect.poll(() => chips(ann).getByRole('listitem').count()).toBe(3);

    await ann.write('all three');
    await expect.poll(() => rowsWithFile(bob).count()).toBe(3);
    await bob.untilBodies(['all three', '', '']);
    const rows = rowsWithFile(bob);
    const saved = (index: number) => savedDigest(bob.page, button(rows.nth(index), /^Download/));
    expect(await saved(0)).toBe(picked.digest);
    await rows
      .nth(1)
      .getByRole('button', { name: /^Picture .*, by Ann$/ })
      .waitFor();
    expect(await saved(2)).toBe(dropped.digest);
    expect(await chips(ann).count()).toBe(0);
  });

  it('tells in words which file is too large, and attaches the others', async () => {
    const { ann } = await startPair(['--files-max', '500kB']);
    const large = await fileOf(500_001, 'large.bin');
    const small = await fileOf(500_000, 'small.bin');
    await pickFiles(ann, large.path, small.path);
    const told = ann.page.getByRole('alert').filter({ hasText: 'large.bin' });
    await expect
      .poll(() => told.textContent())
      .toBe('“large.bin” is too large: a file has at most 500 kB here.');
    expect(await chips(ann).getByRole('listitem').count()).toBe(1);
    await chips(ann).getByText('small').waitFor();
  });
});

describe('a picture', () => {
  it('has its place before its bytes come, is opened large, saved as it was, and closed with Escape', async () => {
    const { server, browser, ann } = await startPair();
    const picture = await fileOf(noisyPng(900, 600), 'garden.png');
    const context = await browser.newContext({ acceptDownloads: true, serviceWorkers: 'block' });
    const page = await context.newPage();
    let release = () => {};
    const isReleased = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route('**/files/**', async (route) => {
      await isReleased;
      await route.continue();
    });
    await page.goto(`${server.url}?lang=en&name=Cem&room=tea`);
    const cem = atChat(page);
    await cem.untilConnection('open');

    const asked = page.waitForRequest('**/files/**');
    await sendFile(ann, picture.path, 'our garden');
    await asked;
    const opener = button(page.getByRole('log'), 'garden.png, by Ann');
    const before = await opener.boundingBox();
    expect(before?.width).toBeCloseTo(420, 0);
    expect(before?.height).toBeCloseTo(280, 0);
    await page.evaluate(() => {
      const shifts: number[] = [];
      Object.assign(window, { shifts });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) shifts.push(Reflect.get(entry, 'value'));
      }).observe({ type: 'layout-shift' });
    });
    release();
    await opener.locator('img[data-loaded="true"]').waitFor();
    expect(await opener.boundingBox()).toEqual(before);
    expect(await page.evaluate(() => Reflect.get(window, 'shifts'))).toEqual([]);
    expect((await cem.messages()).map(({ body }) => body)).toEqual(['our garden']);

    await opener.click();
    const dialog = page.getByRole('dialog', { name: 'garden.png' });
    const whole = dialog.getByRole('img', { name: 'garden.png, by Ann' });
    await expect
      .poll(() => whole.evaluate((image) => Reflect.get(image, 'naturalWidth')))
      .toBe(900);
    expect(await savedDigest(page, button(dialog, 'Download garden.png'))).toBe(picture.digest);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await opener.evaluate((element) => element === document.activeElement)).toBe(true);
  });
});

describe('a voice note', () => {
  it('is recorded from the microphone, sent, and played at the other’s', async () => {
    const { ann, bob } = await startPair();
    const { page } = ann;
    await button(page, 'Record a voice note').click();
    const recorder = page.getByRole('group', { name: 'Recording' });
    await expect.poll(() => recorder.getByRole('timer').textContent()).toBe('0:02');
    await button(recorder, 'Send').click();
    await recorder.waitFor({ state: 'detached' });

    const row = rowsWithFile(bob);
    await row.getByText('Voice note').waitFor();
    const sound = row.locator('audio');
    await sound.waitFor({ state: 'attached' });
    await button(row, 'Play').click();
    const played = () => sound.evaluate((element) => Reflect.get(element, 'currentTime'));
    await expect.poll(played).toBeGreaterThan(1);
    await ann.untilAllSent();
  });
});

describe('a file on its way', () => {
  const bar = (row: Locator) => row.getByRole('progressbar');
  const have = async (row: Locator) => Number(await bar(row).getAttribute('aria-valuenow'));

  it('waits where it is while it is paused, lets others pass, and goes on from there', async () => {
    const { proxy, ann, bob } = await startPair();
    const first = await fileOf(1_000_000, 'first.bin');
    const second = await fileOf(1_000_000, 'second.bin');
    proxy.fail({ kind: 'slow drip', bytesPerSecond: 100_000 });
    await sendFile(ann, first.path, 'the first');
    const row = rowOf(ann, 'the first');
    await expect.poll(() => have(row)).toBeGreaterThan(0);
    await button(row, 'Pause').click();
    await row.getByText('Paused · ').waitFor();

    proxy.fail({ kind: 'none' });
    await sendFile(ann, second.path, 'the second');
    await bob.untilBodies(['the second'], 60_000);
    const reached = await have(row);
    expect(reached).toBeGreaterThan(0);
    expect(reached).toBeLessThan(1_000_000);

    await button(row, 'Continue').click();
    await bob.untilBodies(['the second', 'the first'], 60_000);
    await ann.untilAllSent();
    const download = button(rowOf(bob, 'the first'), /^Download/);
    expect(await savedDigest(bob.page, download)).toBe(first.digest);
  });

  it('is given up with its row when it is cancelled', async () => {
    const { proxy, ann, bob } = await startPair();
    const { path } = await fileOf(1_000_000, 'unwanted.bin');
    proxy.fail({ kind: 'slow drip', bytesPerSecond: 100_000 });
    await sendFile(ann, path, 'unwanted');
    const row = rowOf(ann, 'unwanted');
    await expect.poll(() => have(row)).toBeGreaterThan(0);
    await button(row, 'Cancel').click();
    await row.waitFor({ state: 'detached' });
    proxy.fail({ kind: 'none' });
    await ann.write('never mind');
    await bob.untilBodies(['never mind']);
    await ann.untilBodies(['never mind']);
  });
});

it('a deleted message has no file any more, not even by a link that was given before', async () => {
  const { ann, bob } = await startPair();
  const { path } = await fileOf(noisyPng(90, 60), 'secret.png');
  await sendFile(ann, path, 'a mistake');
  const picture = rowsWithFile(bob).locator('img[data-loaded="true"]');
  await picture.waitFor();
  const link = (await picture.getAttribute('src')) ?? '';
  const statusOfLink = async () => (await fetch(new URL(link, bob.page.url()))).status;
  expect(await statusOfLink()).toBe(200);

  const own = rowOf(ann, 'a mistake');
  await own.hover();
  const actions = own.getByRole('toolbar');
  await button(actions, 'Delete message').click();
  await button(actions, 'Yes, delete').click();
  await expect.poll(() => rowsWithFile(bob).count()).toBe(0);
  await expect.poll(() => rowsWithFile(ann).count()).toBe(0);
  await expect.poll(statusOfLink).toBe(404);
});
