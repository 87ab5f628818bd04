/** Settings, theme and keyboard, as a person meets them in a real browser. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { startBrowser } from './support/browser';
import { atChat, openChat } from './support/chatPage';
import { startServer } from './support/serverProcess';

const settings = (page: Page) => page.getByRole('dialog', { name: 'Settings' });
const openSettings = async (page: Page) => {
  await page.getByRole('button', { name: 'Settings' }).click();
  await settings(page).getByRole('radio').first().waitFor({ state: 'attached' });
};
const background = (page: Page) =>
  page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);

/** Waits until they were fetched ahead, with all that they need. */
async function untilSettingsAreThere(page: Page) {
  const script = await page.waitForFunction(
    () =>
      performance
        .getEntriesByType('resource')
        .find(({ name }) => /\/Settings-[^/]*\.js$/.test(name))?.name,
  );
  // As text, since what runs the tests has a way of its own for this word.
  await page.evaluate(`import(${JSON.stringify(await script.jsonValue())}).then(() => undefined)`);
  await page.waitForFunction(() =>
    [...document.querySelectorAll<HTMLLinkElement>('link[rel=stylesheet]')].every(
      ({ sheet }) => sheet,
    ),
  );
}

async function openAnn() {
  const server = await startServer();
  const { browser } = await startBrowser();
  const ann = await openChat(browser, server.url, { name: 'Ann' });
  await ann.untilConnection('open');
  return { server, browser, ann, page: ann.page };
}

describe('the settings', () => {
  it('open without a line, once the page has rested, and close by Escape and beside', async () => {
    const { server, ann, page } = await openAnn();
    await untilSettingsAreThere(page);
    await server.kill('SIGKILL');
    await ann.untilConnection('waiting');
    await openSettings(page);
    await page.keyboard.press('Escape');
    await settings(page).waitFor({ state: 'detached' });
    await openSettings(page);
    await page.mouse.click(5, 400);
    await settings(page).waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Settings');
  });

  it('choose a theme against the system’s, on every tab, and before anything is drawn', async () => {
    const { ann, page } = await openAnn();
    await page.emulateMedia({ colorScheme: 'light' });
    const light = await background(page);
    const other = await page.context().newPage();
    await other.emulateMedia({ colorScheme: 'light' });
    await other.goto(page.url());
    await atChat(other).untilConnection('open');

    await openSettings(page);
    await page.getByText('Dark', { exact: true }).click();
    const dark = await background(page);
    expect(dark).not.toBe(light);
    await expect.poll(() => background(other)).toBe(dark);

    // What the root wears as the body begins: no script of the page itself has run by then.
    await page.addInitScript(() => {
      new MutationObserver((_, observer) => {
        if (!document.body) return;
        Object.assign(window, { firstTheme: document.documentElement.dataset.theme ?? 'none' });
        observer.disconnect();
      }).observe(document, { childList: true, subtree: true });
    });
    await page.reload();
    await ann.untilConnection('open');
    expect(await page.evaluate(() => Reflect.get(window, 'firstTheme'))).toBe('dark');
    expect(await background(page)).toBe(dark);
  });

  it('change the language and the name in place', async () => {
    const { ann, page } = await openAnn();
    await openSettings(page);
    await page.getByText('中文', { exact: true }).click();
    await page.getByRole('dialog', { name: '设置' }).waitFor();
    await page.getByText('English', { exact: true }).click();
    await settings(page).getByRole('button', { name: 'Change name' }).click();
    const field = page.getByRole('textbox', { name: 'Your name' });
    await expect.poll(() => field.evaluate((it) => it === document.activeElement)).toBe(true);
    await page.keyboard.press('Escape');
    await field.waitFor({ state: 'detached' });
    // Nobody has left, nor the settings closed.
    expect(await page.locator('[data-connection-state="open"]').count()).toBe(1);
    await settings(page).getByRole('button', { name: 'Change name' }).click();
    await field.fill('Zoë');
    await page.keyboard.press('Enter');
    await settings(page).waitFor({ state: 'detached' });
    await ann.untilConnection('open');
    await page.getByText('Zoë', { exact: true }).first().waitFor();
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label')))
      .toBe('Message');
  });

  it('lead to another server, and back to the page’s own', async () => {
    const { server, ann, page } = await openAnn();
    const elsewhere = await startServer(['--allow-origin', server.url]);
    const goTo = async (address: string) => {
      await openSettings(page);
      await page.getByRole('button', { name: 'Change server' }).click();
      await page.getByRole('textbox', { name: 'Address of the server' }).fill(address);
      await page.getByRole('button', { name: 'Connect', exact: true }).click();
    };
    await ann.write('said at home');
    await ann.untilAllSent();
    await goTo(elsewhere.webSocketUrl);
    await expect
      .poll(() => new URL(page.url()).searchParams.get('server'))
      .toBe(elsewhere.webSocketUrl);
    await ann.untilConnection('open');
    await ann.untilBodies([]);
    if (await settings(page).isVisible()) await page.keyboard.press('Escape');
    await goTo('');
    await expect.poll(() => new URL(page.url()).searchParams.has('server')).toBe(false);
    await ann.untilBodies(['said at home']);
  });

  it('save the room, and show what was saved, or say why a file is none', async () => {
    const { ann, page } = await openAnn();
    await ann.write('kept for later 🍵');
    await ann.untilAllSent();
    const saved = await ann.exportRoom();
    await openSettings(page);
    const choose = async (content: string) => {
      const choosing = page.waitForEvent('filechooser');
      await page.getByRole('button', { name: 'Open a saved room' }).click();
      const file = {
        name: 'room.json',
        mimeType: 'application/json',
        buffer: Buffer.from(content),
      };
      await (await choosing).setFiles(file);
    };
    await choose('{"room":');
    await settings(page).getByRole('alert').waitFor();
    await choose(JSON.stringify(saved));
    const room = page.getByRole('dialog', { name: 'Saved room: lobby' });
    await room.getByText('kept for later 🍵').waitFor();
    await page.keyboard.press('Escape');
    await room.waitFor({ state: 'detached' });
    await settings(page).waitFor();
  });

  it('fit a phone, and a page that is zoomed to 200 %, without a sideways scroll', async () => {
    const { page } = await openAnn();
    for (const [width, height] of [
      [360, 640],
      [640, 400],
    ] as const) {
      await page.setViewportSize({ width, height });
      // The rooms, and who one is, are behind the open room's name.
      await page.getByRole('heading', { level: 1 }).getByRole('button').click();
      await openSettings(page);
      const sizes = await settings(page).evaluate((dialog) => ({
        over: [...dialog.querySelectorAll('*')].filter(
          (each) => each.getBoundingClientRect().right > window.innerWidth + 0.5,
        ).length,
        isWhole: dialog.getBoundingClientRect().width === window.innerWidth,
      }));
      expect(sizes).toEqual({ over: 0, isWhole: width === 360 });
      await page.keyboard.press('Escape');
      await settings(page).waitFor({ state: 'detached' });
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
  });
});

describe('the keyboard', () => {
  it('has a sheet at ?, which is a letter to who writes', async () => {
    const { page } = await openAnn();
    const field = page.getByRole('textbox', { name: 'Message' });
    await field.press('?');
    expect(await field.inputValue()).toBe('?');
    await field.fill('');
    await page.getByRole('button', { name: 'Disconnect' }).focus();
    const sheet = page.getByRole('dialog', { name: 'Keyboard' });
    // What heeds the keys comes a moment after the field.
    await expect
      .poll(async () => {
        if ((await sheet.count()) === 0) await page.keyboard.press('?');
        return sheet.getByText('Search the room').isVisible();
      })
      .toBe(true);
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    expect(await field.evaluate((it) => it === document.activeElement)).toBe(true);
  });

  it('can have its single keys turned off', async () => {
    const { page } = await openAnn();
    await openSettings(page);
    await page.getByRole('switch', { name: 'Shortcuts of a single key' }).click();
    await page.keyboard.press('Escape');
    await settings(page).waitFor({ state: 'detached' });
    await page.keyboard.press('?');
    await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
    await page.getByText('Shortcuts of a single key are off.').waitFor();
    expect(await page.getByRole('dialog').count()).toBe(1);
  });
});

describe('what a person’s system asks for', () => {
  it('is heeded: no movement, and edges where colours are forced', async () => {
    const { ann, page } = await openAnn();
    await page.emulateMedia({ reducedMotion: 'reduce', forcedColors: 'active' });
    await openSettings(page);
    const running = await page.evaluate(
      () => document.getAnimations().filter(({ playState }) => playState === 'running').length,
    );
    expect(running).toBe(0);
    await page.keyboard.press('Escape');
    await ann.press('Disconnect');
    await page.getByRole('status').getByText('Disconnected').waitFor();
  });
});
