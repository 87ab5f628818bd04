/** The page under the policy that the server sends with it: nothing that it does is ever forbidden. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { en } from '../i18n/en';
import { zhCN } from '../i18n/zh-CN';
import { startBrowser } from './support/browser';
import { atChat } from './support/chatPage';
import { startServer } from './support/serverProcess';

/** Opens the page, and notes from its first moment what the browser forbids it and complains of. */
async function watchedPage(page: Page) {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.exposeFunction('noteViolation', (what: string) => complaints.push(what));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      Reflect.get(window, 'noteViolation')(`${event.effectiveDirective}: ${event.blockedURI}`);
    });
  });
  return complaints;
}

describe('the policy of the page', () => {
  it.each([
    ['en', en],
    ['zh', zhCN],
  ])('forbids nothing of what a person does there in %s', async (language, texts) => {
    const server = await startServer();
    const other = await startServer(['--allow-origin', server.url]);
    const { browser } = await startBrowser();
    const context = await browser.newContext({ acceptDownloads: true });
    const page = await context.newPage();
    const complaints = await watchedPage(page);
    const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
    const chat = atChat(page);
    const say = async (text: string) => {
      await page.locator('textarea').fill(text);
      await press(texts.send);
      await page.locator('[data-state="sent"]', { hasText: text }).waitFor();
    };

    await page.goto(`${server.url}?lang=${language}`);
    await page.locator('input').fill('Zoë');
    await press(texts.join);
    await chat.untilConnection('open');
    await say('hello 你好');

    // Every panel and every tool, at the width of a desk and of a phone.
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 800 });
      for (const opener of await page.locator('[aria-haspopup]:visible').all()) {
        await opener.click();
        await page.locator('dialog[open], [role="dialog"], [role="menu"]').first().waitFor();
        await page.keyboard.press('Escape');
      }
    }
    await page.setViewportSize({ width: 1280, height: 800 });
    const saving = page.waitForEvent('download');
    await press(texts.export);
    await saving;
    await press(texts.settings.title);
    await press(texts.signOut);
    await press(texts.stay);
    for (const theme of Object.values(texts.settings.themes)) {
      await page.getByText(theme, { exact: true }).click();
    }
    await page
      .getByRole('dialog')
      .getByRole('button', { name: texts.settings.openShortcuts })
      .click();
    await page.getByRole('dialog', { name: texts.settings.shortcuts.title }).waitFor();
    await press(texts.line.close);

    await page.locator('nav input').fill('NOT A ROOM');
    await press(texts.goToRoom);
    await page.locator('nav [role="alert"]').waitFor();
    await press(texts.newPrivateRoom);
    await chat.untilConnection('open');
    await press(texts.rooms.share);
    await page.locator('dialog svg[role="img"]').waitFor();
    await press(texts.copyLink);
    await page.keyboard.press('Escape');
    await say('behind a door');

    // A server elsewhere, as the page's address may name one.
    const query = new URLSearchParams({
      lang: language,
      name: 'Zoë',
      server: other.webSocketUrl,
    });
    await page.goto(`${server.url}?${query}`);
    await chat.untilConnection('open');
    await say('over there');
    expect(complaints).toEqual([]);
  });

  it('forbids a script, a style, a frame and an image that nobody of ours wrote', async () => {
    const server = await startServer();
    const { browser } = await startBrowser();
    const page = await browser.newPage();
    const complaints = await watchedPage(page);
    await page.goto(server.url);
    await page.evaluate(() => {
      for (const html of [
        '<p style="color: red">loud</p>',
        '<img src="https://evil.example/pixel.png">',
        '<iframe src="https://evil.example/"></iframe>',
        '<button onclick="document.title = \'run\'">press</button>',
      ]) {
        const host = document.createElement('div');
        host.innerHTML = html;
        document.body.append(host);
        host.querySelector('button')?.click();
      }
      const script = document.createElement('script');
      script.textContent = "document.title = 'run'";
      document.body.append(script);
    });
    const directives = [
      'style-src-attr',
      'img-src',
      'frame-src',
      'script-src-attr',
      'script-src-elem',
    ];
    for (const directive of directives) {
      await expect.poll(() => complaints.join('\n')).toContain(`${directive}: `);
    }
    expect(await page.title()).toBe('Heartline');
  });
});
