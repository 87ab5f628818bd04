/**
 * Where the reader is in a long conversation, in a real browser: at the end until they go up, and then
 * exactly where they are, whatever comes, grows or turns.
 */
import type { Browser, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { startBrowser } from './support/browser';
import { type ChatPage, openChat } from './support/chatPage';
import { fillRoom } from './support/fillRoom';
import { comeIn, type Guest } from './support/guest';
import { startServer } from './support/serverProcess';

const room = 'tea';

/** Texts of one line and of several, as people write them. */
const bodyOf = (place: number) =>
  place % 7 === 0 ? `number ${place}\n${'and on it goes '.repeat(place % 40)}` : `number ${place}`;

interface Reading {
  browser: Browser;
  reader: ChatPage;
  page: Page;
  speaker: Guest;
  url: string;
}

async function openRoom(count: number, query: Record<string, string> = {}): Promise<Reading> {
  const server = await startServer();
  await fillRoom(server, { room, count, bodyOf });
  const { browser } = await startBrowser();
  const reader = await openChat(browser, server.url, { name: 'Ann', room, ...query });
  await reader.untilConnection('open');
  await row(reader.page, count).waitFor({ state: 'attached' });
  const speaker = await comeIn(server.webSocketUrl, room, { name: 'Dora' });
  return { browser, reader, page: reader.page, speaker, url: server.url };
}

const row = (page: Page, seq: number) => page.locator(`[data-message-id][data-seq="${seq}"]`);
const log = (page: Page) => page.getByRole('log');
const jump = (page: Page) => page.getByRole('button', { name: /Jump to latest/ });

/** How far the end is below the screen, in CSS px. */
const fromEnd = (page: Page) =>
  log(page).evaluate((list) => list.scrollHeight - list.scrollTop - list.clientHeight);
const untilAtEnd = (page: Page) => expect.poll(() => fromEnd(page)).toBeLessThanOrEqual(1.5);

/** Waits until nothing has moved for some frames. */
const untilStill = (page: Page) =>
  log(page).evaluate(
    (list) =>
      new Promise<void>((resolve) => {
        let before = '';
        let same = 0;
        const look = () => {
          const rows = [...list.querySelectorAll('[data-message-id]')];
          const now = `${list.scrollTop} ${list.scrollHeight} ${rows.length}`;
          same = now === before ? same + 1 : 0;
          before = now;
          if (same > 25) resolve();
          else requestAnimationFrame(look);
        };
        look();
      }),
  );

/** Where the row at the upper edge of the list stands, in CSS px from that edge. */
const readRow = (page: Page) =>
  log(page).evaluate((list) => {
    const edge = list.getBoundingClientRect().top;
    const rows = [...list.querySelectorAll('[data-message-id]')];
    const first = rows
      .map((element) => ({
        seq: Number(element.getAttribute('data-seq')),
        ...element.querySelector('[data-part="body"]')?.getBoundingClientRect().toJSON(),
      }))
      .filter(({ top }) => top >= edge)
      .sort((one, other) => one.top - other.top)[0];
    return { seq: first?.seq ?? 0, top: (first?.top ?? 0) - edge };
  });
const topOf = async (page: Page, seq: number) => {
  const edge = (await log(page).boundingBox())?.y ?? 0;
  const box = await row(page, seq).locator('[data-part="body"]').boundingBox();
  return (box?.y ?? Number.NaN) - edge;
};

const focusedSeq = (page: Page) =>
  page.evaluate(() => Number(document.activeElement?.getAttribute('data-seq')));

/** The places of the rows of which the list shows something. */
const seqsOnScreen = (page: Page) =>
  log(page).evaluate((list) => {
    const { top, bottom } = list.getBoundingClientRect();
    return [...list.querySelectorAll('[data-message-id]')]
      .filter((element) => {
        const box = element.getBoundingClientRect();
        return box.bottom > top && box.top < bottom;
      })
      .map((element) => Number(element.getAttribute('data-seq')));
  });

async function wheel(page: Page, px: number) {
  await log(page).hover();
  await page.mouse.wheel(0, px);
  await untilStill(page);
}

declare global {
  interface Window {
    stillTimers?: { armed(): number[]; fire(timers: readonly number[]): void };
  }
}

/** For how long the list has to stand before it is taken for still, in ms. The page has this in its script. */
function holdStillTimers() {
  const stillMs = 150;
  const { setTimeout: arm, clearTimeout: disarm } = window;
  const armed = new Map<number, () => void>();
  const hold = (callback: () => void, delayMs?: number): number => {
    if (delayMs !== stillMs) return arm(callback, delayMs);
    const timer = arm(() => {}, 0);
    armed.set(timer, callback);
    return timer;
  };
  const letGo = (timer: number) => {
    armed.delete(timer);
    disarm(timer);
  };
  Object.assign(window, { setTimeout: hold, clearTimeout: letGo });
  window.stillTimers = {
    armed: () => [...armed.keys()],
    fire(timers) {
      for (const timer of timers) {
        const callback = armed.get(timer);
        armed.delete(timer);
        callback?.();
      }
    },
  };
}

describe('at the end', () => {
  it('the room opens, and what comes is followed', async () => {
    const { page, speaker } = await openRoom(400);
    await untilAtEnd(page);
    for (let n = 1; n <= 5; n += 1) await speaker.say(room, `new ${n}\nin two lines`);
    await row(page, 405).waitFor();
    await untilAtEnd(page);
    expect(await jump(page).count()).toBe(0);
  });

  it('stays there while the form grows, the window turns, and a row grows late', async () => {
    const { page } = await openRoom(400);
    await untilAtEnd(page);
    await page.getByRole('textbox', { name: 'Message' }).fill('a\nb\nc\nd\ne\nf');
    await untilStill(page);
    expect(await fromEnd(page)).toBeLessThanOrEqual(1.5);

    await page.setViewportSize({ width: 390, height: 844 });
    await untilStill(page);
    expect(await fromEnd(page)).toBeLessThanOrEqual(1.5);
    await page.setViewportSize({ width: 844, height: 390 });
    await untilStill(page);
    expect(await fromEnd(page)).toBeLessThanOrEqual(1.5);

    await row(page, 399).evaluate((element) => {
      element
        .querySelector<HTMLElement>('[data-part="body"]')
        ?.style.setProperty('height', '300px');
    });
    await untilStill(page);
    expect(await fromEnd(page)).toBeLessThanOrEqual(1.5);
  });

  it('what is pressed stays under the pointer, and the end is followed when it is let go', async () => {
    const { page, speaker } = await openRoom(400);
    await untilAtEnd(page);
    const body = row(page, 400).locator('[data-part="body"]');
    await body.hover();
    await untilStill(page);
    const top = await topOf(page, 400);
    await page.mouse.down();
    await speaker.say(room, 'one more');
    await row(page, 401).waitFor({ state: 'attached' });
    await untilStill(page);
    expect(await topOf(page, 400)).toBe(top);
    await page.mouse.up();
    await untilAtEnd(page);
    await speaker.say(room, 'followed');
    await row(page, 402).waitFor();
    await untilAtEnd(page);
  });

  it('is left by a wheel, a key and a finger, and never by our own scrolling', async () => {
    const { page, speaker } = await openRoom(400);
    await untilAtEnd(page);
    for (let n = 1; n <= 30; n += 1) await speaker.say(room, `fast ${n}`);
    await row(page, 430).waitFor();
    expect(await jump(page).count()).toBe(0);

    await wheel(page, -600);
    await jump(page).waitFor();
    await jump(page).click();
    await untilAtEnd(page);
    await jump(page).waitFor({ state: 'detached' });

    await row(page, 430).focus();
    await page.keyboard.press('PageUp');
    await jump(page).waitFor();
    await page.keyboard.press('End');
    await jump(page).waitFor({ state: 'detached' });
    await untilAtEnd(page);
  });
});

describe('further up', () => {
  it('nothing moves when messages come, and they are counted', async () => {
    const { page, speaker } = await openRoom(400);
    await untilAtEnd(page);
    await wheel(page, -2_000);
    const before = await readRow(page);
    for (let n = 1; n <= 4; n += 1) await speaker.say(room, `new ${n}`);
    await expect.poll(() => jump(page).textContent()).toBe('Jump to latest · 4 new messages');
    await untilStill(page);
    expect(await readRow(page)).toEqual(before);
    await jump(page).click();
    await untilAtEnd(page);
    await row(page, 404).waitFor();
  });

  it('older messages come in without a pixel’s jump, also while new ones come', async () => {
    const { page, speaker } = await openRoom(1_500);
    await untilAtEnd(page);
    for (let round = 0; round < 3; round += 1) {
      const moved = await log(page).evaluate(
        (list) =>
          new Promise<number>((resolve) => {
            list.dispatchEvent(new WheelEvent('wheel', { deltaY: -1 }));
            list.scrollTop = 300;
            let anchor: Element | undefined;
            let startTop = 0;
            let firstSeq = '';
            let most = 0;
            let frames = 0;
            const rows = () => [...list.querySelectorAll('[data-message-id]')];
            const look = () => {
              frames += 1;
              const edge = list.getBoundingClientRect().top;
              if (!anchor && frames > 3) {
                anchor = rows().find((each) => each.getBoundingClientRect().top >= edge + 20);
                startTop = anchor?.getBoundingClientRect().top ?? 0;
                firstSeq = rows()[0]?.getAttribute('data-seq') ?? '';
              }
              if (anchor) {
                const now = anchor.isConnected ? anchor.getBoundingClientRect().top : Infinity;
                most = Math.max(most, Math.abs(now - startTop));
              }
              const grew = firstSeq !== '' && list.scrollTop > 2_000;
              if (frames > 600 || (grew && frames > 120)) resolve(grew ? most : Number.NaN);
              else requestAnimationFrame(look);
            };
            requestAnimationFrame(look);
          }),
      );
      expect(moved).toBe(0);
      await speaker.say(room, `meanwhile ${round}`);
    }
  });

  it('nor do they jump where the list is taken for still before the first frame that has them', async () => {
    const { page } = await openRoom(600);
    await page.addInitScript(holdStillTimers);
    await page.reload();
    await row(page, 600).waitFor({ state: 'attached' });
    // The list that moves, not the plain one that the page begins with.
    await page.locator('[role="log"][data-simple="false"]').waitFor();
    await untilAtEnd(page);
    await untilStill(page);
    const moved = await log(page).evaluate(
      (list) =>
        new Promise<number>((resolve, reject) => {
          const rows = () => [...list.querySelectorAll('[data-message-id]')];
          list.dispatchEvent(new WheelEvent('wheel', { deltaY: -1 }));
          list.scrollTop = 300;
          const growth = new MutationObserver(() => {
            if (list.scrollTop < 2_000) return;
            growth.disconnect();
            const edge = list.getBoundingClientRect().top;
            const anchor = rows().find((each) => each.getBoundingClientRect().top >= edge + 20);
            const startTop = anchor?.getBoundingClientRect().top ?? 0;
            let most = 0;
            let frames = 0;
            const look = () => {
              frames += 1;
              const top = anchor?.isConnected ? anchor.getBoundingClientRect().top : Infinity;
              most = Math.max(most, Math.abs(top - startTop));
              if (frames < 30) requestAnimationFrame(look);
              else resolve(most);
            };
            requestAnimationFrame(look);
            const armedBefore = window.stillTimers?.armed() ?? [];
            // Behind all that belongs to the change itself, before any frame.
            queueMicrotask(() => queueMicrotask(() => window.stillTimers?.fire(armedBefore)));
          });
          growth.observe(list, { childList: true, subtree: true, attributes: true });
          setTimeout(() => reject(new Error('no older messages came')), 30_000);
        }),
    );
    expect(moved).toBe(0);
  });

  it('the row that is read stays when the window turns', async () => {
    const { page } = await openRoom(400);
    await untilAtEnd(page);
    await wheel(page, -3_000);
    const edgeRow = await log(page).evaluate((list) => {
      const edge = list.getBoundingClientRect().top;
      const rows = [...list.querySelectorAll('[data-message-id]')];
      const read = rows.find((each) => each.getBoundingClientRect().bottom > edge);
      return Number(read?.getAttribute('data-seq'));
    });
    const before = await topOf(page, edgeRow);
    await page.setViewportSize({ width: 700, height: 900 });
    await untilStill(page);
    expect(Math.abs((await topOf(page, edgeRow)) - before)).toBeLessThanOrEqual(1);
  });

  it('the row that has the focus keeps it, however far it is scrolled away', async () => {
    const { page } = await openRoom(450);
    await untilAtEnd(page);
    await row(page, 448).focus();
    await wheel(page, -8_000);
    expect(await row(page, 448).isVisible()).toBe(true);
    const focused = () =>
      page.evaluate(() => document.activeElement?.getAttribute('data-seq') ?? 'the page');
    expect(await focused()).toBe('448');
    await wheel(page, 20_000);
    expect(await focused()).toBe('448');
    await page.keyboard.press('ArrowUp');
    await expect.poll(focused).toBe('447');
  });
});

describe('a row', () => {
  it('has actions for who points at it, which can be pressed while the room is busy', async () => {
    const { page, speaker, url } = await openRoom(30);
    await untilAtEnd(page);
    await row(page, 29).hover();
    await speaker.say(room, 'meanwhile');
    await row(page, 31).waitFor();
    await untilAtEnd(page);
    await row(page, 29).hover();
    await row(page, 29).getByRole('button', { name: 'Reply' }).click({ trial: true });
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await row(page, 29).getByRole('button', { name: 'Copy link to message' }).click();
    await row(page, 29).getByRole('button', { name: 'Copied' }).waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    expect(link).toBe(`${url}?room=${room}#seq=29`);
  });
});

describe('an address that names a message', () => {
  it('leads to it, far up in the room, and marks it', async () => {
    const { page, url } = await openRoom(1_500);
    await page.goto(`${url}?lang=en&name=Ann&room=${room}#seq=300`);
    await row(page, 300).waitFor();
    await untilStill(page);
    const middle = await topOf(page, 300);
    const height = (await log(page).boundingBox())?.height ?? 0;
    expect(middle).toBeGreaterThan(0);
    expect(middle).toBeLessThan(height);
    await expect.poll(() => row(page, 300).getAttribute('data-sought')).toBe('true');
  });

  it('says so when the message is gone', async () => {
    const { page, url } = await openRoom(20);
    await page.goto(`${url}?lang=en&name=Ann&room=${room}#99`);
    await page.getByText('This message is gone, or was never in this room.').waitFor();
  });
});

describe('what is unread', () => {
  it('is nothing of what was said before somebody’s first visit', async () => {
    const { page, speaker } = await openRoom(40);
    expect((await speaker.next('reads')).marks).toMatchObject([{ user: { name: 'Ann' }, seq: 40 }]);
    await untilStill(page);
    expect(await page.getByText('Unread', { exact: true }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Jump to unread' }).count()).toBe(0);
  });

  it('is led to where it reaches back into the room’s first page', async () => {
    const server = await startServer();
    await fillRoom(server, { room, count: 1 });
    const { browser } = await startBrowser();
    const { page, untilConnection } = await openChat(browser, server.url, { name: 'Ann', room });
    await row(page, 1).waitFor({ state: 'attached' });
    const bob = await comeIn(server.webSocketUrl, room, { name: 'Bob' });
    expect((await bob.next('reads')).marks).toMatchObject([{ user: { name: 'Ann' }, seq: 1 }]);
    const address = page.url();
    await page.goto('about:blank');
    await fillRoom(server, { room, count: 1_060 });

    await page.goto(address);
    await untilConnection('open');
    await row(page, 1_060).waitFor({ state: 'attached' });
    await page.getByRole('button', { name: 'Jump to unread' }).click();
    await expect.poll(() => focusedSeq(page)).toBe(2);
    await untilStill(page);
    expect(await focusedSeq(page)).toBe(2);
    expect(await seqsOnScreen(page)).toContain(2);
    expect(await page.getByText('Unread', { exact: true }).count()).toBe(1);
  });
});

describe('a room of ten thousand', () => {
  it('has few rows in the page, and a small one has all of them', async () => {
    const { page } = await openRoom(10_000);
    await untilAtEnd(page);
    await untilStill(page);
    expect(await page.locator('[data-message-id]').count()).toBeLessThan(120);
  });

  it('of which all are read by the simple list’s setting, as far as it goes', async () => {
    const { page } = await openRoom(1_000);
    await page.evaluate(() => localStorage.setItem('heartline.simple-list', 'on'));
    await page.reload();
    await row(page, 1_000).waitFor();
    await untilAtEnd(page);
    await expect.poll(() => page.locator('[data-message-id]').count()).toBe(200);
    await page.getByRole('button', { name: 'Load older messages' }).click();
    await expect.poll(() => page.locator('[data-message-id]').count()).toBe(400);
  });
});
