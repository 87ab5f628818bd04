import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { startBrowser } from './support/browser';
import { atChat, openChat } from './support/chatPage';
import { startServer } from './support/serverProcess';

const phone = { width: 390, height: 780 };

describe('rooms on a desk', () => {
  it('are made, gone to by name and by link, and listed with what was said last', async () => {
    const server = await startServer();
    const { browser } = await startBrowser();
    const ann = await openChat(browser, server.url, { name: 'Ann' });
    const { page } = ann;
    await ann.untilConnection('open');
    await page.getByText('Nothing has been said here yet.').waitFor();

    await page.getByRole('button', { name: 'New room', exact: true }).click();
    await page.getByRole('textbox', { name: 'Name of the room' }).fill('plans');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('heading', { level: 1, name: 'plans' }).waitFor();
    await ann.untilConnection('open');
    await ann.write('first of all');
    await ann.untilAllSent();
    await page
      .getByRole('link', { name: /^plans/ })
      .getByText('You: first of all')
      .waitFor();

    const field = page.getByRole('textbox', { name: 'Change room' });
    await field.fill(`${server.url}?room=tea`);
    await field.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'tea' }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'plans' }).waitFor();
    await ann.untilBodies(['first of all']);
  });

  it('are shared by their link, which brings others in under their own name', async () => {
    const server = await startServer();
    const { browser } = await startBrowser();
    const ann = await openChat(browser, server.url, { name: 'Ann', room: 'tea' });
    await ann.page.getByRole('button', { name: 'Share', exact: true }).click();
    await ann.page.getByRole('img', { name: 'QR code of the link' }).waitFor();
    const link = await ann.page.getByRole('textbox', { name: 'Link' }).inputValue();
    expect(link).toBe(`${server.url}?room=tea`);

    const context = await browser.newContext();
    const bob = atChat(await context.newPage());
    await bob.page.goto(link);
    await bob.page.locator('#join-name').fill('Bob');
    await bob.page.keyboard.press('Enter');
    await bob.untilConnection('open');
    const here = ann.page.getByRole('list', { name: 'Here now' }).getByRole('listitem');
    await expect.poll(() => here.allTextContents()).toEqual(['Ann you', 'Bob']);
  });
});

describe('the head of a private room', () => {
  /** What lies over its neighbour, or beyond the head, at widths from a tablet’s to a desk’s. */
  async function crowded(page: Page): Promise<string[]> {
    const found: string[] = [];
    for (const width of [768, 800, 900, 1_000, 1_024, 1_100, 1_200, 1_280]) {
      await page.setViewportSize({ width, height: 700 });
      const pairs = await page.getByRole('banner').evaluate((head) => {
        const edge = head.getBoundingClientRect().right;
        const boxes = [...head.querySelectorAll('h1, [role="status"], button:not(h1 button)')]
          .map((each) => ({ name: each.textContent, box: each.getBoundingClientRect() }))
          .sort((one, other) => one.box.left - other.box.left);
        return boxes.flatMap(({ name, box }, index) => {
          const next = boxes[index + 1];
          const limit = next?.box.left ?? edge;
          return box.right > limit + 0.5 ? [`${name} over ${next?.name}`] : [];
        });
      });
      found.push(...pairs.map((pair) => `${width}: ${pair}`));
    }
    return found;
  }

  it.each(['en', 'zh-CN'])('has room for each of its buttons: %s', async (lang) => {
    const server = await startServer();
    const { browser } = await startBrowser();
    const room = 'p-lutbdvne3uvubmtx37nv5t23jg';
    const page = await browser.newPage();
    await page.goto(`${server.url}?name=Ann&lang=${lang}&room=${room}#key=AAECAwQFBgcICQoLDA0ODw`);
    const { untilConnection } = atChat(page);
    await untilConnection('open');
    expect(await crowded(page)).toEqual([]);
    await server.kill('SIGKILL');
    await untilConnection('waiting');
    expect(await crowded(page)).toEqual([]);
  });
});

describe('rooms on a phone', () => {
  it('are a press on the name away, under the same page', async () => {
    const server = await startServer();
    const { browser } = await startBrowser();
    const ann = await openChat(browser, server.url, { name: 'Ann', room: 'tea' });
    const { page } = ann;
    await page.setViewportSize(phone);
    await ann.untilConnection('open');
    await page.getByRole('heading', { level: 1 }).click();
    const drawer = page.getByRole('dialog', { name: 'Rooms' });
    await drawer.getByRole('textbox', { name: 'Change room' }).fill('plans');
    await drawer.getByRole('button', { name: 'Go' }).click();
    await page.getByRole('heading', { level: 1, name: 'plans' }).waitFor();
    await drawer.waitFor({ state: 'detached' });
  });

  it('let go of their drawer by Escape and by a press beside it, and the focus comes back', async () => {
    const server = await startServer();
    const { browser } = await startBrowser();
    const ann = await openChat(browser, server.url, { name: 'Ann', room: 'tea' });
    const { page } = ann;
    await page.setViewportSize(phone);
    await ann.untilConnection('open');
    const name = page.getByRole('heading', { level: 1 }).getByRole('button');
    const drawer = page.getByRole('dialog', { name: 'Rooms' });
    const hasFocus = () => name.evaluate((button) => button === document.activeElement);

    await name.press('Enter');
    await drawer.waitFor();
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
    expect(await hasFocus()).toBe(true);

    await name.click();
    await drawer.waitFor();
    await page.mouse.click(phone.width - 10, 300);
    await drawer.waitFor({ state: 'detached' });
    expect(await hasFocus()).toBe(true);
  });
});
