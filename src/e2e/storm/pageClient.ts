/** A person at the page in Chromium, who takes part in a storm. Does one thing at a time. */
import { type Browser, errors } from 'playwright-core';
import { atChat } from '../support/chatPage';
import type { StormClient } from './stormClient';

declare global {
  interface Window {
    /** Tells the test what the page shows: an own message as sent, or the line as open. */
    tellStorm?(shown: { sent: string } | 'open'): void;
  }
}

export interface PageClientOptions {
  browser: Browser;
  /** The page, with whom, where and by which server in its query. */
  url: string;
  name: string;
}

/** What an element may take to appear before the person lets it be, in ms. */
const glanceMs = 1_000;

/** What one page of older messages may take, in ms. */
const pageTimeoutMs = 20_000;

export async function openPageClient(options: PageClientOptions): Promise<StormClient> {
  const { name } = options;
  const context = await options.browser.newContext();
  const page = await context.newPage();
  const chat = atChat(page);
  const written: string[] = [];
  const shownAsSent = new Set<string>();
  const retried = new Set<string>();
  let opened = 0;
  let gaveUp = 0;

  await page.exposeFunction('tellStorm', (shown: { sent: string } | 'open') => {
    if (shown === 'open') opened += 1;
    else shownAsSent.add(shown.sent);
  });
  await page.addInitScript(watchPage);
  // All that is loaded stays in the page, to be read when the storm is over.
  await page.addInitScript(() => localStorage.setItem('heartline.simple-list', 'on'));
  await page.goto(options.url);
  await chat.untilConnection('open');

  let last: Promise<unknown> = Promise.resolve();
  function inTurn<Result>(act: () => Promise<Result>): Promise<Result> {
    const next = last.then(act);
    last = next.catch(() => {});
    return next;
  }

  /** Presses a button if it is there. Whether one is depends on the line, which does not wait. */
  async function pressIfThere(button: 'Disconnect' | 'Reconnect' | 'Retry'): Promise<boolean> {
    const found = page.getByRole('button', { name: button, exact: true }).first();
    return found.click({ timeout: glanceMs }).then(() => true, ifTimeout(false));
  }

  async function reconnect() {
    const isIdle = await page
      .locator('[role="status"]:not([data-connection-state="open"])')
      .isVisible();
    if (isIdle) await pressIfThere('Reconnect');
  }

  const row = '[data-message-id]';
  return {
    name,
    written,
    shownAsSent,
    retried,
    get opened() {
      return opened;
    },
    get gaveUp() {
      return gaveUp;
    },
    write: (text) =>
      inTurn(async () => {
        if (await page.locator('[data-connection-state="failed"]').isVisible()) {
          gaveUp += 1;
          await reconnect();
        }
        written.push(text);
        await chat.write(text);
      }),
    reload: () => inTurn(async () => void (await page.reload())),
    disconnect: () => inTurn(async () => void (await pressIfThere('Disconnect'))),
    reconnect: () => inTurn(reconnect),
    untilQuiet: (timeoutMs) =>
      inTurn(async () => {
        const until = Date.now() + timeoutMs;
        const failed = page.locator(`${row}[data-state="failed"]`);
        for (const body of await failed.locator('[data-part="body"]').allTextContents()) {
          retried.add(body);
          await pressIfThere('Retry');
        }
        const unsent = page.locator(`${row}:not([data-state="sent"])`);
        return chat
          .untilConnection('open', timeoutMs)
          .then(() => unsent.first().waitFor({ state: 'detached', timeout: until - Date.now() }))
          .then(() => true, ifTimeout(false));
      }),
    untilSeq: (seq, timeoutMs) =>
      inTurn(() =>
        page
          .locator(`${row}[data-seq="${seq}"]`)
          .waitFor({ state: 'attached', timeout: timeoutMs })
          .then(() => true, ifTimeout(false)),
      ),
    readAll: () =>
      inTurn(async () => {
        const older = page.getByRole('button', { name: 'Load older messages' });
        while (await older.isVisible()) {
          const first = await page.locator(row).first().getAttribute('data-seq');
          await older.click();
          const joined = `${row}[data-seq="${Number(first) - 1}"]`;
          await page.locator(joined).waitFor({ state: 'attached', timeout: pageTimeoutMs });
        }
        return chat.messages();
      }),
  };
}

/** Runs in the page, from its beginning on. */
function watchPage() {
  let wasOpen = false;
  const look = (element: Element) => {
    const id = element.getAttribute('data-message-id');
    const isOwn = element.getAttribute('data-mine') === 'true';
    const state = element.getAttribute('data-state');
    if (id && isOwn && state === 'sent') window.tellStorm?.({ sent: id });
    if (element.getAttribute('role') !== 'status') return;
    const isOpen = element.getAttribute('data-connection-state') === 'open';
    if (isOpen && !wasOpen) window.tellStorm?.('open');
    wasOpen = isOpen;
  };
  const watched = '[data-message-id], [data-connection-state]';
  new MutationObserver((changes) => {
    for (const { target, type, addedNodes } of changes) {
      if (type === 'attributes' && target instanceof Element) look(target);
      for (const added of addedNodes) {
        if (!(added instanceof Element)) continue;
        look(added);
        for (const element of added.querySelectorAll(watched)) look(element);
      }
    }
  }).observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ['data-state', 'data-connection-state'],
  });
}

/** What to make of an element that did not come in time; anything else is an error. */
function ifTimeout<Value>(value: Value): (error: unknown) => Value {
  return (error) => {
    if (error instanceof errors.TimeoutError) return value;
    throw error;
  };
}
