import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { openChat as openDrivenChat } from './drivers/chat';
import { everyBrowser } from './drivers/everyBrowser';
import { startBrowser } from './support/browser';
import { openChat } from './support/chatPage';
import { startServer } from './support/serverProcess';

const fieldOf = (page: Page) => page.getByRole('textbox', { name: 'Message' });

async function openTwo() {
  const server = await startServer();
  const { browser } = await startBrowser();
  const ann = await openChat(browser, server.url, { name: 'Ann' });
  await ann.untilConnection('open');
  const ming = await openChat(browser, server.url, { name: '小明' });
  await ming.untilConnection('open');
  return { server, browser, ann, ming, field: fieldOf(ann.page) };
}

describe.each(everyBrowser)('a composition ($name)', (driver) => {
  it('is never sent half-done, by Enter or by a key of the list', async () => {
    const server = await startServer();
    const browser = await driver.startBrowser();
    const ming = await openDrivenChat(browser, server.url, { name: '小明' });
    await ming.untilConnection('open');
    const ann = await openDrivenChat(browser, server.url, { name: 'Ann' });
    await ann.untilPeople(['Ann', '小明']);
    const text = () => ann.page.evaluate(readField);
    const optionShown = () => ann.page.untilShown('[role="option"]');

    // Puts the caret there, too.
    await ann.page.fill('Message', '');
    const composing = await ann.page.startComposing();
    await composing.compose('ni hao');
    await expect.poll(text).toBe('ni hao');
    await composing.press('Enter');
    expect(await text()).toBe('ni hao');
    await composing.commit('你好');
    await expect.poll(text).toBe('你好');

    await composing.commit('＠');
    await optionShown();
    await composing.compose('xiao');
    await expect.poll(text).toBe('你好＠xiao');
    for (const key of ['Enter', 'Tab', 'ArrowDown', 'Escape'] as const) await composing.press(key);
    expect(await text()).toBe('你好＠xiao');
    await composing.commit('小');
    await optionShown();
    await ann.page.press('Enter');
    await expect.poll(text).toBe('你好@小明 ');
    expect(await ann.messages()).toEqual([]);
    await ann.page.press('Enter');
    await ann.untilBodies(['你好@小明 ']);
  });
});

/** Runs in the page. */
function readField() {
  return document.querySelector<HTMLTextAreaElement>('textarea[aria-label="Message"]')?.value;
}

describe('a paste', () => {
  const paste = async (page: Page, text: string) => {
    await page.evaluate((written) => navigator.clipboard.writeText(written), text);
    await page.keyboard.press('ControlOrMeta+V');
  };

  it('of many lines is one message; one too long is kept, counted and said', async () => {
    const { ann, field } = await openTwo();
    await ann.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`).join('\n');
    await field.focus();
    await paste(ann.page, lines);
    expect(await field.inputValue()).toBe(lines);
    // It grows, up to a part of the window, and the page never outgrows that.
    const { height } = ann.page.viewportSize() ?? { height: 0 };
    const box = await field.locator('..').boundingBox();
    expect(box?.height).toBeGreaterThan(200);
    expect(box?.height).toBeLessThan(height / 2);
    await ann.page.keyboard.press('Enter');
    await ann.untilBodies([lines]);

    await paste(ann.page, '心'.repeat(10_020));
    await ann.page.getByText('20 characters too many').waitFor();
    await ann.page.keyboard.press('Enter');
    await ann.page.getByRole('alert').getByText('Too long to send').waitFor();
    expect((await field.inputValue()).length).toBe(10_020);
    for (let index = 0; index < 20; index += 1) await ann.page.keyboard.press('Backspace');
    await ann.page.keyboard.press('Enter');
    await ann.untilBodies([lines, '心'.repeat(10_000)]);
  });
});

describe('a mention and a command', () => {
  it('are completed by keys and by a press, and undo takes them back', async () => {
    const { ann, field } = await openTwo();
    await field.focus();
    await ann.page.keyboard.type('hi @');
    await ann.page.getByRole('option', { name: '小明' }).click();
    expect(await field.inputValue()).toBe('hi @小明 ');
    await ann.page.keyboard.press('ControlOrMeta+Z');
    await expect.poll(() => field.inputValue()).toBe('hi @');
    await field.fill('');
    await ann.page.keyboard.type('/co');
    await ann.page.getByRole('listbox', { name: 'Commands' }).waitFor();
    await ann.page.keyboard.press('Tab');
    await ann.page.keyboard.type('let heart = 1;');
    expect(await field.inputValue()).toBe('```\nlet heart = 1;\n```');
  });
});

describe('the emoji picker', () => {
  it('finds an emoji by its name, in the language of the page, and asks no other server', async () => {
    const { ann, browser, server, field } = await openTwo();
    const asked: string[] = [];
    ann.page.on('request', (request) => asked.push(new URL(request.url()).origin));
    await field.fill('heart: ');
    await ann.page.getByRole('button', { name: 'Emoji' }).click();
    await ann.page.getByRole('searchbox', { name: 'Search emoji' }).fill('beating heart');
    await ann.page.getByRole('gridcell', { name: 'Beating heart' }).waitFor();
    await ann.page.keyboard.press('Enter');
    await expect.poll(() => field.inputValue()).toMatch(/^heart: \p{Extended_Pictographic}/u);
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(new Set(asked)).toEqual(new Set([new URL(server.url).origin]));

    await ann.page.getByRole('button', { name: 'Emoji' }).click();
    await ann.page.getByRole('dialog', { name: 'Emoji' }).waitFor();
    await ann.page.keyboard.press('Escape');
    await ann.page.getByRole('dialog', { name: 'Emoji' }).waitFor({ state: 'detached' });
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);

    const hong = await openChat(browser, server.url, { name: '小红', lang: 'zh-CN' });
    await hong.page.getByRole('button', { name: '表情' }).click();
    await hong.page.getByRole('searchbox', { name: '搜索表情' }).fill('心');
    await hong.page.getByRole('gridcell', { name: /心/ }).first().click();
    await expect
      .poll(() => hong.page.getByRole('textbox', { name: '消息' }).inputValue())
      .toMatch(/^\p{Extended_Pictographic}/u);
  });
});

describe('Arrow Up', () => {
  it('changes one’s last message, and the draft is there again', async () => {
    const { ann, ming, field } = await openTwo();
    await ann.write('helo');
    await ming.untilBodies(['helo']);
    await ann.untilAllSent();
    await field.focus();
    await ann.page.keyboard.press('ArrowUp');
    expect(await field.inputValue()).toBe('helo');
    await ann.page.getByText('Changing your message').waitFor();
    await field.fill('hello');
    await ann.page.keyboard.press('Enter');
    expect(await field.inputValue()).toBe('');
    await ann.untilBodies(['hello']);
    await ming.untilBodies(['hello']);
  });
});

describe('a draft', () => {
  it('is still there after a reload', async () => {
    const { ann, field } = await openTwo();
    await field.fill('half a thought\nand a line');
    await ann.page.reload();
    await ann.untilConnection('open');
    expect(await field.inputValue()).toBe('half a thought\nand a line');
  });
});

describe('on a touch screen', () => {
  it('Enter breaks the line, and what is touched is large enough', async () => {
    const server = await startServer();
    const { browser } = await startBrowser();
    const context = await browser.newContext({
      viewport: { width: 360, height: 640 },
      hasTouch: true,
      isMobile: true,
    });
    const page = await context.newPage();
    await page.goto(`${server.url}?lang=en&name=Ann`);
    const field = fieldOf(page);
    await field.tap();
    await page.keyboard.type('one');
    await page.keyboard.press('Enter');
    await page.keyboard.type('two');
    expect(await field.inputValue()).toBe('one\ntwo');
    for (const name of ['Emoji', 'Send']) {
      const box = await page.getByRole('button', { name, exact: true }).boundingBox();
      expect(Math.min(box?.width ?? 0, box?.height ?? 0), name).toBeGreaterThanOrEqual(44);
    }
    expect(
      await field.evaluate((element) => Number.parseFloat(getComputedStyle(element).fontSize)),
    ).toBeGreaterThanOrEqual(16);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBe(360);
  });
});
