/**
 * The guided tour in a real Chromium, on a real line: nothing here makes its events but the tour's own
 * buttons. What needs no server of Node is the same for every site that is listed here.
 */
import type { Browser, Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { en } from '../i18n/en';
import { tour as english } from '../i18n/en/tour';
import { zhCN } from '../i18n/zh-CN';
import { tour as chinese } from '../i18n/zh-CN/tour';
import { startPushService } from '../testing/pushService';
import { axeFindings } from './support/axe';
import { startBrowser } from './support/browser';
import { atChat, type ChatPage } from './support/chatPage';
import { comeIn } from './support/guest';
import { pusherOf, subscribeTo } from './support/pushedBrowser';
import { startServer } from './support/serverProcess';
import { startStaticHost } from './support/staticHost';

const stepNames = Object.keys(english.steps) as (keyof typeof english.steps)[];

/** Where the page can be had, whole: each starts what it needs, and gives the page's address. */
const sites: Record<string, () => Promise<string>> = {
  'the Node server': async () => (await startServer()).url,
  'the server in the page': async () => (await startStaticHost()).url,
};

const languages = {
  en: { all: en, tour: english },
  'zh-CN': { all: zhCN, tour: chinese },
} as const;

/** Opens a room in which the tour is alone. */
async function openPage(browser: Browser, url: string, query: Record<string, string> = {}) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(
    `${url}?${new URLSearchParams({ lang: 'en', name: 'Ann', room: 'tea', ...query })}`,
  );
  const chat = atChat(page);
  await chat.untilConnection('open');
  return chat;
}

/** The tour in the hands of a person. */
function onTour({ page }: Pick<ChatPage, 'page'>, language: keyof typeof languages = 'en') {
  const { all, tour: texts } = languages[language];
  const panel = page.getByRole('region', { name: all.lab.tour });
  const step = (name: (typeof stepNames)[number]) => panel.locator(`[data-step="${name}"]`);
  return {
    panel,
    step,
    open: () => page.getByRole('button', { name: all.lab.tour, exact: true }).click(),
    press: (button: string) => panel.getByRole('button', { name: button, exact: true }).click(),
    begin: (name: (typeof stepNames)[number]) =>
      step(name).getByRole('button', { name: texts.steps[name].button, exact: true }).click(),
    untilDone: (name: (typeof stepNames)[number]) =>
      panel.locator(`[data-step="${name}"][data-done="true"]`).waitFor(),
    sights: (name: (typeof stepNames)[number]) =>
      step(name).locator('[data-seen="true"]').allInnerTexts(),
    done: () =>
      panel
        .locator('[data-done="true"]')
        .evaluateAll((steps) => steps.map((each) => each.getAttribute('data-step'))),
  };
}

/** The strip that shows what is wrong with the line on purpose. */
const strip = (page: Page) => page.getByRole('region', { name: en.lab.strip.label });

describe.each(Object.entries(sites))('the whole tour, with %s', (_, start) => {
  it('ticks itself off, step by step, and leaves line and room as they should be', async () => {
    const url = await start();
    const { browser } = await startBrowser();
    const ann = await openPage(browser, url);
    const tour = onTour(ann);
    // The empty room shows the way.
    await ann.page.getByRole('button', { name: en.takeTour }).click();
    await tour.panel.waitFor();
    for (const [index, name] of stepNames.entries()) {
      expect(await tour.done()).toEqual(stepNames.slice(0, index));
      await tour.begin(name);
      await tour.untilDone(name);
      expect(await tour.sights(name)).not.toHaveLength(0);
      await tour.panel.getByText(english.progress(index + 1, 9)).waitFor();
      if (name !== 'push') await tour.press(english.next);
    }
    await tour.panel.getByRole('heading', { name: english.finished }).waitFor();

    await ann.untilConnection('open');
    await ann.untilBodies([english.says.hello, english.says.meanwhile]);
    await ann.untilAllSent();
    expect(await strip(ann.page).count()).toBe(0);
  });

  it('is as far after a reload, and begins anew when it is asked to', async () => {
    const url = await start();
    const { browser } = await startBrowser();
    const ann = await openPage(browser, url);
    const tour = onTour(ann);
    await tour.open();
    await tour.begin('socket');
    await tour.untilDone('socket');
    await tour.press(english.next);
    await tour.begin('handshake');
    await tour.untilDone('handshake');

    await ann.page.reload();
    await ann.untilConnection('open');
    await tour.open();
    await tour.panel.getByText(english.progress(2, 9)).waitFor();
    expect(await tour.done()).toEqual(['socket', 'handshake']);
    await tour.begin('frames');
    await tour.untilDone('frames');

    await tour.press(english.restart);
    await tour.panel.getByText(english.progress(0, 9)).waitFor();
    await ann.page.reload();
    await ann.untilConnection('open');
    await tour.open();
    await tour.panel.getByText(english.progress(0, 9)).waitFor();
  });
});

describe('a tour that is closed in the middle of a step', () => {
  it('puts right what it did to the line', async () => {
    const server = await startServer();
    const { browser } = await startBrowser();
    const ann = await openPage(browser, server.url);
    const tour = onTour(ann);
    await tour.open();
    await tour
      .step('heartbeat')
      .getByRole('button', { name: english.steps.heartbeat.title })
      .click();
    // Nothing is answered: the step cannot come to its end by itself before it is closed.
    server.freeze();
    await tour.begin('heartbeat');
    await strip(ann.page).waitFor();
    await tour.panel.getByRole('button', { name: en.rooms.close, exact: true }).click();
    await strip(ann.page).waitFor({ state: 'detached' });
    server.thaw();
    await ann.untilConnection('open');
    await tour.open();
    await tour.panel.getByText(english.progress(0, 9)).waitFor();
  });
});

describe('the tour', () => {
  it.each(Object.keys(languages) as (keyof typeof languages)[])(
    'reads well to everybody in %s, on a phone and on a desk',
    async (language) => {
      const { url } = await startServer();
      const { browser } = await startBrowser();
      const { all, tour: texts } = languages[language];
      const ann = await openPage(browser, url, { lang: language });
      const tour = onTour(ann, language);
      await ann.page.getByRole('button', { name: all.takeTour }).click();
      await tour.begin('socket');
      await tour.untilDone('socket');
      // Whoever hears the page is told what the others see.
      await tour.panel.getByText(texts.stepDone(texts.steps.socket.title)).waitFor();
      expect(await axeFindings(ann.page)).toEqual([]);

      await ann.page.setViewportSize({ width: 360, height: 740 });
      await tour.press(texts.next);
      await expect
        .poll(() => ann.page.evaluate(() => document.activeElement?.textContent))
        .toContain(texts.steps.handshake.title);
      await tour.begin('handshake');
      await tour.untilDone('handshake');
      // The conversation above it stays in use.
      await ann.page.getByRole('textbox', { name: all.message, exact: true }).fill('still here');
      expect(await axeFindings(ann.page)).toEqual([]);
    },
  );
});

describe('the step of the push', () => {
  /** Ann, in a browser that can be pushed to, with push on, and the tour at its last step. */
  async function openWithPush(flags: readonly string[], room: string) {
    const service = await startPushService();
    onTestFinished(service.close);
    const server = await startServer(['--push-service', service.origin, ...flags]);
    const { browser } = await startBrowser();
    const context = await browser.newContext();
    await context.grantPermissions(['notifications']);
    await subscribeTo(context, service);
    const page = await context.newPage();
    await page.goto(`${server.url}?lang=en&name=Ann&room=${room}`);
    const ann = atChat(page);
    await ann.untilConnection('open');
    const tour = onTour(ann);
    await tour.open();
    await tour.step('push').getByRole('button', { name: english.steps.push.title }).click();
    await tour.panel.getByRole('switch').click();
    const push = await pusherOf(context, page);
    /** What the service was given, the browser gives to the worker. */
    const bring = async () => {
      await expect.poll(() => service.received.length).toBeGreaterThan(0);
      expect(await tour.done()).toEqual([]);
      await push(JSON.stringify(service.received[0]?.payload));
    };
    return { server, ann, tour, bring };
  }

  it('is ticked off by a real one where push is on: one that came while away', async () => {
    const { server, ann, tour, bring } = await openWithPush([], 'tea');
    const bob = await comeIn(server.webSocketUrl, 'tea', { name: 'Bob' });
    await tour.panel.getByText(english.push.service).waitFor();
    await tour.press(english.push.serviceButton);
    await ann.untilConnection('closed');
    await bob.untilLeft();
    await bob.say('tea', 'dinner is ready');
    await bring();
    await tour.untilDone('push');
    expect(await tour.sights('push')).toEqual([
      english.sights.left(),
      english.sights.pushedByService(),
    ]);
    await ann.untilConnection('open');
    await ann.untilBodies(['dinner is ready']);
  });

  it('is ticked off by a real one for who is alone with the companion', async () => {
    const { ann, tour, bring } = await openWithPush(['--companion'], 'lobby');
    await tour.panel.getByText(english.push.companion).waitFor();
    await tour.press(english.push.serviceButton);
    await ann.untilConnection('closed');
    await bring();
    await tour.untilDone('push');
    expect((await tour.sights('push')).at(-1)).toBe(english.sights.pushedByService());
    await ann.untilConnection('open');
  });

  it('is ticked off by the page in the service’s stead, and shown where that is allowed', async () => {
    const { url } = await startServer();
    const { browser } = await startBrowser();
    const ann = await openPage(browser, url);
    await ann.page.context().grantPermissions(['notifications']);
    await ann.page.reload();
    await ann.untilConnection('open');
    const tour = onTour(ann);
    await tour.open();
    await tour.step('push').getByRole('button', { name: english.steps.push.title }).click();
    await tour.panel.getByText(english.push.page).waitFor();
    await tour.begin('push');
    await tour.untilDone('push');
    expect(await tour.sights('push')).toEqual([
      english.sights.pushedByPage(),
      english.sights.shown(),
    ]);
    const shown = await ann.page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      return (await registration.getNotifications()).map(({ title, body }) => ({ title, body }));
    });
    expect(shown).toEqual([{ title: `${english.pushed.from} · tea`, body: english.pushed.text }]);
  });
});
