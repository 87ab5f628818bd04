/** The page under the policy that its server gives it: nothing that it does may be in breach of that. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { en } from '../i18n/en';
import { zhCN } from '../i18n/zh-CN';
import { startBrowser } from './support/browser';
import { atChat } from './support/chatPage';
import { startServer } from './support/serverProcess';

/** What the browser complains of on this page: breaches of the policy, errors, files that are missing. */
function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return complaints;
}

async function openPage(width: number, lang: 'en' | 'zh') {
  const server = await startServer();
  const { browser } = await startBrowser();
  const context = await browser.newContext({ viewport: { width, height: 800 } });
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  await page.goto(`${server.url}?lang=${lang}`);
  return { page, complaints };
}

describe('the content security policy', () => {
  const pages = [
    ['English on a desk', 1280, 'en'],
    ['English on a phone', 390, 'en'],
    ['Chinese on a desk', 1280, 'zh'],
    ['Chinese on a phone', 390, 'zh'],
  ] as const;

  it.each(pages)('is kept by everything that the page does in %s', async (_, width, lang) => {
    const { page, complaints } = await openPage(width, lang);
    const [texts, others] = lang === 'en' ? [en, zhCN] : [zhCN, en];
    const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
    const beatsInWorker = page.waitForEvent('worker');

    await press(texts.join);
    await page.getByText(texts.nameProblems.empty).waitFor();
    await page.getByRole('textbox', { name: texts.yourName }).fill('Ann');
    await press(texts.join);
    const ann = atChat(page);
    await ann.untilConnection('open');
    await beatsInWorker;

    await page.getByRole('textbox', { name: texts.message }).fill('hello 💓 你好');
    await press(texts.send);
    await ann.untilBodies(['hello 💓 你好']);
    await ann.untilAllSent();
    await press(texts.disconnect);
    await ann.untilConnection('closed');
    await page.getByRole('textbox', { name: texts.message }).fill('x'.repeat(10_001));
    await page.getByText(texts.tooLong(1)).waitFor();
    await press(texts.reconnect);
    await ann.untilConnection('open');

    await page.getByRole('heading', { level: 1 }).click();
    await page.getByRole('textbox', { name: texts.changeRoom }).fill('../');
    await press(texts.goToRoom);
    await page.getByText(texts.roomProblem).waitFor();
    await page.keyboard.press('Escape');

    const isNarrow = width < 600;
    const unfold = () => page.getByText(texts.membersCount(1), { exact: true }).click();
    if (isNarrow) await unfold();
    const saved = page.waitForEvent('download');
    await press(texts.export);
    await saved;
    await press(texts.signOut);
    await press(texts.stay);
    await press(lang === 'en' ? '中文' : 'English');
    await page.getByRole('button', { name: others.signOut }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('stops a script and a style that came in with a text, and says so', async () => {
    const { page, complaints } = await openPage(1280, 'en');
    await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'document.title = "taken over"';
      const style = document.createElement('style');
      style.textContent = 'body { display: none }';
      document.body.append(script, style);
    });
    await expect.poll(() => complaints.length).toBe(2);
    expect(complaints.join()).toContain('script-src');
    expect(complaints.join()).toContain('style-src');
    expect(await page.title()).not.toBe('taken over');
    expect(await page.getByRole('heading', { name: 'Heartline' }).isVisible()).toBe(true);
  });
});
