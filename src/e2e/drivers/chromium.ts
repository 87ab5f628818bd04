/** Chromium, driven by Playwright. */
import { text } from 'node:stream/consumers';
import type { BrowserContext, Page } from 'playwright-core';
import { startBrowser } from '../support/browser';
import { patienceMs } from '../support/patience';
import type { Composing, DrivenPage, Driver, Profile } from './driver';

export const chromium: Driver = {
  name: 'Chromium',
  keepsPages: true,
  async startBrowser() {
    const { browser, freeze, thaw } = await startBrowser({ keepsPages: true });
    return {
      newProfile: async () => profileOf(await browser.newContext({ acceptDownloads: true })),
      freeze,
      thaw,
    };
  },
};

function profileOf(context: BrowserContext): Profile {
  return {
    async openPage(url) {
      const page = drivePage(await context.newPage());
      await page.goto(url);
      return page;
    },
    setOffline: (isOffline) => context.setOffline(isOffline),
  };
}

export function drivePage(page: Page): DrivenPage {
  const click = (name: string) => page.getByRole('button', { name, exact: true }).click();
  return {
    profile: profileOf(page.context()),
    url: async () => page.url(),
    goto: async (url) => void (await page.goto(url)),
    reload: async () => void (await page.reload()),
    // A page that was kept whole does not load.
    goBack: async () => void (await page.goBack({ waitUntil: 'commit' })),
    close: () => page.close(),
    async crash() {
      const session = await page.context().newCDPSession(page);
      const crashed = page.waitForEvent('crash');
      // Nobody is left to answer.
      void session.send('Page.crash').catch(() => {});
      await crashed;
    },
    fill: (name, value) => page.getByRole('textbox', { name, exact: true }).fill(value),
    click,
    press: (key) => page.keyboard.press(key),
    startComposing: () => startComposing(page),
    evaluate: (script, arg = '') => page.evaluate(script, arg),
    untilShown: (selector, timeoutMs = patienceMs) =>
      page.locator(selector).waitFor({ timeout: timeoutMs }),
    async save(button) {
      const downloading = page.waitForEvent('download');
      await click(button);
      return text(await (await downloading).createReadStream());
    },
  };
}

async function startComposing(page: Page): Promise<Composing> {
  const session = await page.context().newCDPSession(page);
  return {
    async compose(unfinished) {
      const caret = { selectionStart: unfinished.length, selectionEnd: unfinished.length };
      await session.send('Input.imeSetComposition', { text: unfinished, ...caret });
    },
    async press(key) {
      // As a browser tells of a key while a composition has it.
      const event = { key: 'Process', code: key, windowsVirtualKeyCode: 229 };
      await session.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...event });
      await session.send('Input.dispatchKeyEvent', { type: 'keyUp', ...event, key });
    },
    async commit(whole) {
      await session.send('Input.insertText', { text: whole });
    },
  };
}
