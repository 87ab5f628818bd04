/** A person at the page in Chromium, who takes part in a storm. Does one thing at a time. */
import { type Browser, errors } from 'playwright-core';
import { atChat } from '../support/chatPage';
import { attachAtPage, watchSaving } from './pageFiles';
import { createStreamNotes } from './seenStreams';
import type { StormClient } from './stormClient';
import { sentFile } from './stormFiles';
import type { SeenStream, SentFile } from './stormOutcome';

/** An own message as sent, more of one in the making, the line as open, or a file that stands still. */
type Shown = { sent: string } | { live: SeenStream } | 'open' | 'interrupted';

declare global {
  interface Window {
    /** Tells the test what the page shows. */
    tellStorm?(shown: Shown): void;
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
const pageTimeoutMs = 60_000;

/** It is asked for again after so long, in ms. */
const readingOptions = { timeout: pageTimeoutMs, polling: 1_000 };

export async function openPageClient(options: PageClientOptions): Promise<StormClient> {
  const { name } = options;
  const context = await options.browser.newContext();
  const page = await context.newPage();
  const chat = atChat(page);
  const written: string[] = [];
  const shownAsSent = new Set<string>();
  const retried = new Set<string>();
  const notes = createStreamNotes();
  const files: SentFile[] = [];
  let interruptions = 0;
  let opened = 0;
  let gaveUp = 0;

  await page.exposeFunction('tellStorm', (shown: Shown) => {
    if (shown === 'open') opened += 1;
    else if (shown === 'interrupted') interruptions += 1;
    else if ('live' in shown) notes.note(shown.live);
    else shownAsSent.add(shown.sent);
  });
  await page.addInitScript(watchPage);
  const saving = await watchSaving(page);
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

  async function comeBack() {
    if (!(await page.locator('[data-connection-state="failed"]').isVisible())) return;
    gaveUp += 1;
    await reconnect();
  }

  const row = '[data-message-id]';
  const restless = `${row}:not([data-state="sent"], [data-live="broken"])`;
  return {
    name,
    written,
    shownAsSent,
    retried,
    streams: [],
    seenStreams: notes.all,
    files,
    get interruptions() {
      return interruptions;
    },
    get opened() {
      return opened;
    },
    get gaveUp() {
      return gaveUp;
    },
    write: (text) =>
      inTurn(async () => {
        await comeBack();
        written.push(text);
        await chat.write(text);
      }),
    attach: (text, file) =>
      inTurn(async () => {
        await comeBack();
        written.push(text);
        if (await attachAtPage(page, text, file)) files.push(sentFile(text, file, true));
        else await chat.write(text);
      }),
    reload: () =>
      inTurn(async () => {
        interruptions += await page.locator('[data-upload="sending"]').count();
        await page.reload();
      }),
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
        const unsent = page.locator(restless);
        return chat
          .untilConnection('open', timeoutMs)
          .then(() =>
            unsent.first().waitFor({ state: 'detached', timeout: Math.max(1, until - Date.now()) }),
          )
          .then(() => true, ifTimeout(false));
      }),
    unrest: () =>
      inTurn(async () => {
        const status = page.locator('[data-connection-state]').first();
        const rows = await page
          .locator(restless)
          .evaluateAll((each) =>
            each.map((one) => `${one.textContent} ${one.getAttribute('data-state')}`),
          );
        return [await status.getAttribute('data-connection-state'), ...rows].join(', ');
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
        const older = page.locator('button[data-loading]');
        while ((await older.count()) > 0) {
          const first = await page.locator(row).first().getAttribute('data-seq');
          await page.waitForFunction(askForOlder, { row, first }, readingOptions);
        }
        return saving.withFiles(await chat.messages());
      }),
  };
}

/**
 * Runs in the page again and again: whether the list begins with another row than `first`, or no older one can come;
 * else it asks for such. What was loading may come meanwhile, and the button go with it.
 */
function askForOlder({ row, first }: { row: string; first: string | null }): boolean {
  const older = document.querySelector<HTMLButtonElement>('button[data-loading]');
  if (!older || document.querySelector(row)?.getAttribute('data-seq') !== first) return true;
  older.click();
  return false;
}

/** Runs in the page, from its beginning on. */
function watchPage() {
  let wasOpen = false;
  /** When each message in the making was last told of, by its id: a few times a second are enough. */
  const toldAt = new Map<string, number>();
  const lookAtText = (row: Element) => {
    const id = row.getAttribute('data-message-id') ?? '';
    if (!row.hasAttribute('data-live') || performance.now() - (toldAt.get(id) ?? 0) < 200) return;
    toldAt.set(id, performance.now());
    const textOf = (part: string) => row.querySelector(`[data-part="${part}"]`)?.textContent ?? '';
    window.tellStorm?.({ live: { id, author: textOf('author'), text: textOf('body') } });
  };
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
  const lookAtUpload = (element: Element, before: string | null) => {
    if (before === 'sending' && element.getAttribute('data-upload') === 'waiting') {
      window.tellStorm?.('interrupted');
    }
  };
  const watched = '[data-message-id], [data-connection-state]';
  new MutationObserver((changes) => {
    const rows = changes.flatMap(({ target }) => {
      const element = target instanceof Element ? target : target.parentElement;
      return element?.closest('[data-live]') ?? [];
    });
    for (const row of new Set(rows)) lookAtText(row);
    for (const { target, type, attributeName, oldValue, addedNodes } of changes) {
      if (type === 'attributes' && target instanceof Element) {
        if (attributeName === 'data-upload') lookAtUpload(target, oldValue);
        else look(target);
      }
      for (const added of addedNodes) {
        if (!(added instanceof Element)) continue;
        look(added);
        for (const element of added.querySelectorAll(watched)) look(element);
      }
    }
  }).observe(document, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
    attributeOldValue: true,
    attributeFilter: ['data-state', 'data-connection-state', 'data-upload'],
  });
}

/** What to make of an element that did not come in time; anything else is an error. */
function ifTimeout<Value>(value: Value): (error: unknown) => Value {
  return (error) => {
    if (error instanceof errors.TimeoutError) return value;
    throw error;
  };
}
