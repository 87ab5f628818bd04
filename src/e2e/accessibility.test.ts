import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { axeFindings } from './support/axe';
import { startBrowser } from './support/browser';
import { atChat, openChat } from './support/chatPage';
import { startServer } from './support/serverProcess';

const languages = {
  en: {
    share: 'Share',
    more: 'More',
    newRoom: 'New room',
    search: 'Search',
    people: /^People/,
    lab: 'Connection lab',
    faults: 'Faults',
    tuning: 'Tuning',
  },
  'zh-CN': {
    share: '分享',
    more: '更多',
    newRoom: '新建房间',
    search: '搜索',
    people: /^成员/,
    lab: '连接实验室',
    faults: '故障',
    tuning: '调节',
  },
};
type Words = (typeof languages)['en'];

const phone = { width: 360, height: 740 };
const desk = { width: 1280, height: 800 };

/** Every state in which a person meets the page, by what has to be pressed to come there. */
const states: Record<string, (page: Page, words: Words, isPhone: boolean) => Promise<void>> = {
  'the rooms': async (page, _, isPhone) => {
    if (isPhone) await page.locator('h1 button').click();
    await page.locator('a[aria-current="page"]').waitFor();
  },
  'a new room': async (page, { newRoom }, isPhone) => {
    if (isPhone) await page.locator('h1 button').click();
    await page.getByRole('button', { name: newRoom, exact: true }).click();
    await page.getByRole('dialog', { name: newRoom }).getByRole('textbox').fill('Not a room');
    await page.keyboard.press('Enter');
    await page.locator('input[aria-invalid="true"]').waitFor();
  },
  'the link of the room': async (page, { share, more }, isPhone) => {
    if (isPhone) await page.getByRole('button', { name: more, exact: true }).click();
    await page.getByRole(isPhone ? 'menuitem' : 'button', { name: share, exact: true }).click();
    await page.locator('dialog svg[role="img"]').waitFor();
  },
  'the menu of the room': async (page, { more }, isPhone) => {
    if (!isPhone) return;
    await page.getByRole('button', { name: more, exact: true }).click();
    await page.getByRole('menu').waitFor();
  },
  'the people': async (page, { people }, isPhone) => {
    if (isPhone) await page.getByRole('button', { name: people }).click();
    await page.locator('aside, dialog').getByText('Bob', { exact: true }).waitFor();
  },
  'the search': async (page, { search }) => {
    await page.getByRole('button', { name: search, exact: true }).click();
    await page.getByRole('searchbox').fill('kettle');
  },
  'the connection lab': openLab,
  'the faults of the lab': async (page, words, isPhone) => {
    await openLab(page, words, isPhone);
    await page.getByRole('tab', { name: words.faults }).click();
    await page.getByRole('tabpanel').getByRole('switch').first().click();
    await page.getByRole('tabpanel').getByRole('textbox').first().fill('none');
  },
  'the tuning of the lab': async (page, words, isPhone) => {
    await openLab(page, words, isPhone);
    await page.getByRole('tab', { name: words.tuning }).click();
    await page.getByRole('tabpanel').getByRole('textbox').first().fill('5');
  },
};

async function openLab(page: Page, { lab, more }: Words, isPhone: boolean) {
  if (isPhone) await page.getByRole('button', { name: more, exact: true }).click();
  await page.getByRole(isPhone ? 'menuitem' : 'button', { name: lab, exact: true }).click();
  await page.getByRole('region', { name: lab }).getByRole('tablist').waitFor();
}

describe.each(Object.entries(languages))('axe finds nothing in %s', (lang, words) => {
  it.each(['light', 'dark'] as const)(
    'in the %s theme, on a phone and on a desk',
    async (theme) => {
      const server = await startServer();
      const { browser } = await startBrowser();
      const bob = await openChat(browser, server.url, { name: 'Bob', room: 'tea' });
      await bob.untilConnection('open');
      await bob.write('Morning! The *kettle* is on, see https://example.com');
      await bob.page.locator('[data-state="sent"]').waitFor();

      for (const viewport of [phone, desk]) {
        const context = await browser.newContext({
          viewport,
          colorScheme: theme,
          reducedMotion: 'reduce',
          hasTouch: viewport === phone,
        });
        const page = await context.newPage();
        const chat = atChat(page);
        const query = (fields: Record<string, string>) =>
          `${server.url}?${new URLSearchParams({ lang, ...fields })}`;
        const expectNothing = async (where: string) =>
          expect(await axeFindings(page), `${where}, ${viewport.width} px`).toEqual([]);

        await page.goto(query({ room: 'tea' }));
        await page.locator('#join-name').waitFor();
        await expectNothing('the door');

        await page.goto(query({ room: 'quiet', name: 'Ann' }));
        await chat.untilConnection('open');
        await page.locator('main h2').waitFor();
        await expectNothing('an empty room');

        for (const [where, goThere] of Object.entries(states)) {
          await page.goto(query({ room: 'tea', name: 'Ann' }));
          await chat.untilConnection('open');
          await page.locator('[data-message-id]').first().waitFor();
          await goThere(page, words, viewport === phone);
          await expectNothing(where);
        }
        await context.close();
      }
    },
    240_000,
  );
});

describe('a page that is enlarged or small', () => {
  it.each([
    ['320 px wide', { width: 320, height: 640 }],
    ['a desk at 200 %', { width: 640, height: 400 }],
    ['a phone on its side', { width: 740, height: 360 }],
    ['a phone with its keyboard open', { width: 360, height: 380 }],
  ])('scrolls nothing sideways, and keeps everything within reach: %s', async (_, viewport) => {
    const server = await startServer();
    const { browser } = await startBrowser();
    const chat = await openChat(browser, server.url, {
      name: 'Somebody with a rather long name',
      room: 'a-room-with-a-long-name-that-has-to-be-cut-somewhere',
    });
    const { page } = chat;
    await page.setViewportSize(viewport);
    await chat.untilConnection('open');
    await chat.write('x'.repeat(500));
    await chat.untilAllSent();
    const isWithin = () =>
      page.evaluate(() =>
        [...document.querySelectorAll('header button, main button, main textarea')].every(
          (each) => {
            const { left, right, top, bottom } = each.getBoundingClientRect();
            const isDrawn = right > left;
            // What is among the messages is scrolled to.
            const isInHeight =
              each.closest('[role="log"]') !== null || (top >= 0 && bottom <= innerHeight);
            return !isDrawn || (left >= 0 && right <= innerWidth && isInHeight);
          },
        ),
      );
    const overflow = () =>
      page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
    expect(await overflow()).toBe(0);
    await expect.poll(isWithin).toBe(true);

    await page.locator('h1 button').click();
    const field = page.getByRole('textbox', { name: 'Change room' });
    await field.fill('tea');
    await page.keyboard.press('Escape');
    const way = page.getByRole('button', { name: /^People/ });
    if ((await way.count()) === 0) await page.getByRole('button', { name: 'More' }).click();
    await page
      .getByRole('button', { name: /^People/ })
      .or(page.getByRole('menuitem', { name: 'People' }))
      .first()
      .click();
    const list = page.getByRole('list', { name: 'Here now' });
    await list.getByText('you').scrollIntoViewIfNeeded();
    const height = await list.evaluate((element) => element.getBoundingClientRect().height);
    expect(height).toBeGreaterThan(30);
  });
});
