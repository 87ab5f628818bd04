/**
 * A person at the page: writes, reads, and watches the badge, through the same roles and names that
 * people and screen readers use. Every wait is for something to happen, and says for what.
 */
import { text } from 'node:stream/consumers';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';

export interface ShownMessage {
  id: string;
  seq: number | undefined;
  state: string;
  author: string;
  body: string;
}

export interface ExportedMessage {
  id: string;
  seq: number | null;
  author: string;
  tag?: string;
  body: string;
  at: number;
  state: string;
}

export interface ChatPage {
  readonly page: Page;
  write(text: string): Promise<void>;
  press(button: 'Disconnect' | 'Reconnect' | 'Retry' | 'Delete'): Promise<void>;
  /** Everything in the list, from top to bottom. */
  messages(): Promise<ShownMessage[]>;
  /** Waits until the badge shows the state. */
  untilConnection(state: string, timeoutMs?: number): Promise<void>;
  /** Waits until the list holds exactly these texts, in this order. */
  untilBodies(bodies: readonly string[], timeoutMs?: number): Promise<void>;
  /** Waits until every message shown is sent. */
  untilAllSent(timeoutMs?: number): Promise<void>;
  /** The room as the Export button saves it. */
  exportRoom(): Promise<{ room: string; messages: ExportedMessage[] }>;
}

/** Opens the page in a browser profile of its own. */
export async function openChat(
  browser: Browser,
  pageUrl: string,
  query: Record<string, string>,
): Promise<ChatPage> {
  const context = await browser.newContext({ acceptDownloads: true });
  const page = await context.newPage();
  await page.goto(`${pageUrl}?${new URLSearchParams({ lang: 'en', ...query })}`);
  return atChat(page);
}

export function atChat(page: Page): ChatPage {
  const log = page.getByRole('log');
  const chat: ChatPage = {
    page,
    async write(text) {
      await page.getByRole('textbox', { name: 'Message' }).fill(text);
      await page.getByRole('button', { name: 'Send' }).click();
    },
    press: (button) => page.getByRole('button', { name: button, exact: true }).click(),
    messages: () =>
      log.locator('[data-message-id]').evaluateAll((elements) =>
        elements.map((element) => ({
          id: element.getAttribute('data-message-id') ?? '',
          seq: element.hasAttribute('data-seq')
            ? Number(element.getAttribute('data-seq'))
            : undefined,
          state: element.getAttribute('data-state') ?? '',
          author: element.querySelector('[data-part="author"]')?.textContent ?? '',
          body: element.querySelector('[data-part="body"]')?.textContent ?? '',
        })),
      ),
    untilConnection: (state, timeoutMs = 15_000) =>
      page
        .locator(`[role="status"][data-connection-state="${state}"]`)
        .waitFor({ timeout: timeoutMs }),
    untilBodies: (bodies, timeoutMs = 15_000) =>
      expect
        .poll(async () => (await chat.messages()).map(({ body }) => body), { timeout: timeoutMs })
        .toEqual(bodies),
    untilAllSent: (timeoutMs = 15_000) =>
      expect
        .poll(async () => (await chat.messages()).filter(({ state }) => state !== 'sent'), {
          timeout: timeoutMs,
        })
        .toEqual([]),
    async exportRoom() {
      const downloading = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Export' }).click();
      return JSON.parse(await text(await (await downloading).createReadStream()));
    },
  };
  return chat;
}
