/**
 * Two people's pages side by side in one, with a line above that says what happens: all of it is drawn by one
 * browser at once, so that what is on both screens in one picture was there at one time.
 */
import { readFile } from 'node:fs/promises';
import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';
import type { PictureLanguage } from './captions';
import { captions } from './captions';
import stageHtml from './stage.html?raw';

/** Of the stage, in CSS px; what is filmed has `pixelRatio` as many each way. */
const size = { width: 960, height: 600 };
const pixelRatio = 1.25;

export interface Stage {
  readonly page: Page;
  readonly ann: FrameLocator;
  readonly bob: FrameLocator;
  say(caption: string): Promise<void>;
  /** Moves to it, so that one sees what is pressed, and presses it. */
  press(target: Locator): Promise<void>;
}

export interface Look {
  readonly lang: PictureLanguage;
  readonly colorScheme: 'light' | 'dark';
}

/** Opens both pages of the server at `url`, each with its line open. */
export async function openStage(browser: Browser, url: string, look: Look): Promise<Stage> {
  const { lang, colorScheme } = look;
  const words = captions[lang];
  const context = await browser.newContext({
    viewport: size,
    deviceScaleFactor: pixelRatio,
    colorScheme,
    locale: lang,
    // What is put into a page's way here is of no network, and would not be let to this machine.
    permissions: ['local-network-access'],
  });
  const page = await context.newPage();
  const tokens = await readFile('src/components/tokens.css', 'utf8');
  const html = stageHtml
    .replace('/* tokens */', () => tokens)
    .replace('lang="en"', `lang="${lang}"`);
  await page.route(`${url}stage`, (route) =>
    route.fulfill({ body: html, contentType: 'text/html' }),
  );
  // Nobody may frame the page; here it is framed to be filmed.
  await page.route(
    ({ pathname }) => pathname === '/',
    async (route) => {
      const response = await route.fetch();
      const { 'content-security-policy': _, ...headers } = response.headers();
      await route.fulfill({ response, headers });
    },
  );
  // What a tab keeps, such as drafts, both would have in common here; without it the page goes on as well.
  await page.addInitScript(() => {
    Object.defineProperty(window, 'sessionStorage', { value: undefined });
  });
  await page.goto(`${url}stage`);

  const open = async (id: 'ann' | 'bob') => {
    const query = new URLSearchParams({
      lang: lang === 'en' ? 'en' : 'zh',
      room: 'tea',
      name: words[id],
    });
    await page.locator(`figure:has(#${id}) figcaption`).evaluate((caption, name) => {
      caption.textContent = name;
    }, words[id]);
    await page
      .locator(`#${id}`)
      .evaluate((frame, address) => frame.setAttribute('src', address), `${url}?${query}`);
    const frame = page.frameLocator(`#${id}`);
    await frame.locator('[role="status"][data-connection-state="open"]').waitFor();
    return frame;
  };
  const bob = await open('bob');
  const ann = await open('ann');

  const finger = page.locator('#finger');
  return {
    page,
    ann,
    bob,
    say: (caption) =>
      page.locator('h1').evaluate((heading, text) => {
        heading.textContent = text;
      }, caption),
    async press(target) {
      const box = await target.boundingBox();
      if (!box) throw new Error('what is to be pressed cannot be seen');
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      await finger.evaluate(async (element, place) => {
        element.style.translate = place;
        element.style.opacity = '0.85';
        await Promise.all(element.getAnimations().map(({ finished }) => finished));
      }, `${x}px ${y}px`);
      await target.click();
      // Nothing is to look as if one pointed at it.
      await page.mouse.move(1, 1);
      await finger.evaluate((element) => {
        element.style.opacity = '0';
      });
    },
  };
}
