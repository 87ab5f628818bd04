/** The line told in words: what a person reads and hears of it while it breaks, and what they can do. */
import { describe, expect, it } from 'vitest';
import { startBrowser } from './support/browser';
import { type ChatPage, openChat } from './support/chatPage';
import type { Fault } from './support/fault';
import { startFaultProxy } from './support/faultProxy';
import { startServer } from './support/serverProcess';

/** Notes every banner that is ever drawn, from now on: a flicker would be missed by looking now and then. */
async function noteBanners({ page }: ChatPage) {
  await page.evaluate(() => {
    const noted: string[] = [];
    Object.assign(window, { noted });
    new MutationObserver(() => {
      const line =
        document.querySelector('section[data-line]')?.getAttribute('data-line') ?? 'none';
      if (line !== (noted.at(-1) ?? 'none')) noted.push(line);
    }).observe(document.body, { childList: true, subtree: true, attributes: true });
  });
  return () => page.evaluate(() => Reflect.get(window, 'noted') as string[]);
}

/** A page whose line goes through a proxy, so that it can be cut without a word to the browser. */
async function openThroughProxy(fault: Fault = { kind: 'none' }) {
  const pageServer = await startServer();
  const chatServer = await startServer(['--allow-origin', pageServer.url]);
  const proxy = await startFaultProxy(Number(new URL(chatServer.url).port));
  proxy.fail(fault);
  const { browser } = await startBrowser();
  const ann = await openChat(browser, pageServer.url, {
    name: 'Ann',
    server: `ws://localhost:${proxy.port}/ws`,
  });
  if (fault.kind === 'none') await ann.untilConnection('open');
  return { ann, proxy };
}

const banner = ({ page }: ChatPage) => page.locator('section[data-line]');

describe('a line that breaks', () => {
  it('is told by a banner with its reason, counts the tries, takes Retry now, and says that it is back', async () => {
    const { ann, proxy } = await openThroughProxy();
    // Where there is room the head has the button.
    await ann.page.setViewportSize({ width: 390, height: 800 });
    const banners = await noteBanners(ann);
    proxy.fail({ kind: 'refuse' });
    await ann.untilConnection('waiting');
    await banner(ann).getByText('Connection lost. Reconnecting…').waitFor();
    await banner(ann)
      .getByRole('timer')
      .getByText(/Try \d+/)
      .waitFor();
    await ann.write('written in the outage');
    await banner(ann).getByText('1 message waits and leaves when the line is open.').waitFor();

    proxy.fail({ kind: 'none' });
    await ann.page.getByRole('button', { name: 'Retry now' }).click();
    await ann.untilConnection('open');
    await banner(ann).getByText('Connected.').waitFor();
    await banner(ann).waitFor({ state: 'detached' });
    await ann.untilAllSent();
    expect(await banners()).toEqual(['reconnecting', 'open', 'none']);
  });

  it('is told of once to who listens, and nothing of the number that ticks', async () => {
    const { ann, proxy } = await openThroughProxy();
    // That the line is open for the first time is told as well.
    await ann.page
      .locator('[aria-live="polite"]')
      .filter({ hasText: /^Connected$/ })
      .waitFor({ state: 'attached' });
    const spoken = await ann.page.evaluateHandle(() => {
      const said: string[] = [];
      const live = () =>
        document.querySelectorAll(
          '[aria-live="polite"], [role="alert"], [role="status"]:not([aria-live])',
        );
      const note = (records: MutationRecord[]) => {
        for (const region of live()) {
          if (records.some(({ target }) => region.contains(target) && region.textContent))
            said.push(region.textContent ?? '');
        }
      };
      new MutationObserver(note).observe(document.body, {
        childList: true,
        characterData: true,
        subtree: true,
      });
      return said;
    });
    proxy.fail({ kind: 'refuse' });
    await banner(ann).waitFor();
    await expect
      .poll(() => banner(ann).getByRole('timer').textContent())
      .toMatch(/Try ([4-9]|\d\d)/);
    proxy.fail({ kind: 'none' });
    await ann.untilConnection('open');
    await banner(ann).waitFor({ state: 'detached' });
    expect(await spoken.evaluate((said) => said)).toEqual(['Reconnecting…', 'Connected']);
  });

  it('is not told where it heals within its grace', async () => {
    const { ann, proxy } = await openThroughProxy();
    const banners = await noteBanners(ann);
    const before = proxy.connections;
    proxy.resetAll();
    await expect.poll(() => proxy.connections).toBeGreaterThan(before);
    await ann.untilConnection('open');
    await ann.write('after the blink');
    await ann.untilAllSent();
    expect(await banners()).toEqual([]);
  });

  it.each([1280, 390, 360])('moves nothing in the head of a page %i px wide', async (width) => {
    const { ann, proxy } = await openThroughProxy();
    await ann.page.setViewportSize({ width, height: 800 });
    const places = () =>
      ann.page.evaluate(() =>
        ['header', '[data-connection-state]', 'svg[data-alive]'].map((selector) => {
          const { x, y, height } = document.querySelector(selector)?.getBoundingClientRect() ?? {};
          return { selector, x, y, height };
        }),
      );
    // The trace comes with what is loaded once the room is shown.
    await ann.page.locator('svg[data-alive]').waitFor();
    const before = await places();
    proxy.fail({ kind: 'refuse' });
    await ann.untilConnection('waiting');
    expect(await places()).toEqual(before);
    await banner(ann).waitFor();
    expect(await places()).toEqual(before);
    const overflow = await ann.page.evaluate(
      () => document.documentElement.scrollWidth - window.innerWidth,
    );
    expect(overflow).toBeLessThanOrEqual(0);
  });
});

describe('a line that does not come about', () => {
  it('is not told as one that was lost, and has one button for the next try', async () => {
    const { ann, proxy } = await openThroughProxy({ kind: 'refuse' });
    await banner(ann).getByText('No connection yet. Still trying…').waitFor();
    const states = ann.page.locator('[data-connection-state]');
    expect(await states.textContent()).toBe('Connecting…');
    const again = ann.page.getByRole('button', { name: /^(Reconnect|Retry now)$/ });
    expect(await again.count()).toBe(1);
    await ann.page.setViewportSize({ width: 390, height: 800 });
    await ann.page.getByRole('button', { name: 'Retry now' }).waitFor();
    expect(await again.count()).toBe(1);
    proxy.fail({ kind: 'none' });
    await again.click();
    await ann.untilConnection('open');
    await banner(ann).getByText('Connected.').waitFor();
  });
});

describe('a line that only a person can mend', () => {
  it('is an alert at once, and stays away until the person connects again', async () => {
    const { ann, proxy } = await openThroughProxy();
    proxy.fail({ kind: 'refuse' });
    proxy.fail({ kind: 'close', code: 4505, reason: 'too many' });
    const alert = ann.page.getByRole('alert');
    await alert.getByText('You are connected too often.').waitFor();
    await ann.untilConnection('failed');
    proxy.fail({ kind: 'none' });
    await ann.press('Reconnect');
    await ann.untilConnection('open');
    await alert.waitFor({ state: 'detached' });
  });
});

describe('the focus', () => {
  const focused = ({ page }: ChatPage) =>
    page.evaluate(() => {
      const { activeElement } = document;
      return activeElement?.getAttribute('aria-label') ?? activeElement?.textContent ?? '';
    });

  it('never falls to the page as its buttons come and go with the line', async () => {
    const { ann, proxy } = await openThroughProxy();
    await expect.poll(() => focused(ann)).toBe('Message');
    // What guards the focus is there with what else is loaded once the line is open.
    await ann.page.getByText('Nothing has been said here yet.').waitFor();
    await ann.page.getByRole('button', { name: 'Disconnect' }).focus();
    await ann.page.keyboard.press('Enter');
    await ann.untilConnection('closed');
    await expect.poll(() => focused(ann)).toBe('Reconnect');
    await ann.page.keyboard.press('Enter');
    await ann.untilConnection('open');
    await expect.poll(() => focused(ann)).toBe('Disconnect');

    await ann.page.setViewportSize({ width: 390, height: 800 });
    proxy.fail({ kind: 'refuse' });
    await ann.page.getByRole('button', { name: 'Retry now' }).focus();
    proxy.fail({ kind: 'none' });
    await ann.page.keyboard.press('Enter');
    await ann.untilConnection('open');
    await banner(ann).waitFor({ state: 'detached' });
    await expect.poll(() => focused(ann)).toBe('Message');
  });
});
