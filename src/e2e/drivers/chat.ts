/**
 * A person at the page, in whatever browser: writes, reads, and watches the badge, through the same roles and
 * names that people and screen readers use. Every wait is for something to happen, and says for what.
 */
import * as v from 'valibot';
import { expect } from 'vitest';
import { patienceMs } from '../support/patience';
import type { DrivenBrowser, DrivenPage, Profile } from './driver';

const shownMessage = v.object({
  id: v.string(),
  seq: v.optional(v.number()),
  state: v.string(),
  author: v.string(),
  body: v.string(),
  /** How far it has come that is being written. */
  live: v.optional(v.string()),
  /** It is marked as broken off by its writer. */
  isCut: v.optional(v.literal(true)),
});
export type ShownMessage = v.InferOutput<typeof shownMessage>;

/** With all else that it holds. */
const exportedRoom = v.looseObject({
  room: v.string(),
  messages: v.array(
    v.looseObject({
      id: v.string(),
      seq: v.nullable(v.number()),
      author: v.string(),
      tag: v.optional(v.string()),
      body: v.string(),
      at: v.number(),
      state: v.string(),
    }),
  ),
});
export type ExportedRoom = v.InferOutput<typeof exportedRoom>;

export interface Chat {
  write(text: string): Promise<void>;
  press(button: 'Disconnect' | 'Reconnect' | 'Retry' | 'Delete'): Promise<void>;
  /** Everything in the list, from top to bottom. */
  messages(): Promise<ShownMessage[]>;
  /** The names of who is here. */
  people(): Promise<string[]>;
  /** Waits until the badge shows the state. */
  untilConnection(state: string, timeoutMs?: number): Promise<void>;
  /** Waits until the badge shows that there is no line. */
  untilNoLine(): Promise<void>;
  /** Waits until the list holds exactly these texts, in this order. */
  untilBodies(bodies: readonly string[], timeoutMs?: number): Promise<void>;
  /** Waits until what was written last is shown, and every message shown is sent. */
  untilAllSent(timeoutMs?: number): Promise<void>;
  /** Waits until exactly these are here, in any order. */
  untilPeople(names: readonly string[]): Promise<void>;
  /** The room as the Export button saves it. */
  exportRoom(): Promise<ExportedRoom>;
}

/** One whose page may be driven in any way that every browser knows. */
export interface DrivenChat extends Chat {
  readonly page: DrivenPage;
}

/** Opens the page in a browser profile of its own, or in another tab of one. */
export async function openChat(
  browser: DrivenBrowser | Profile,
  pageUrl: string,
  query: Record<string, string>,
): Promise<DrivenChat> {
  const profile = 'openPage' in browser ? browser : await browser.newProfile();
  const search = new URLSearchParams({ lang: 'en', ...query });
  return atPage(await profile.openPage(`${pageUrl}?${search}`));
}

export const atPage = (page: DrivenPage): DrivenChat => ({ page, ...chatAt(page) });

export function chatAt(page: DrivenPage): Chat {
  let lastWritten: string | undefined;
  const chat: Chat = {
    async write(text) {
      await page.fill('Message', text);
      await page.click('Send');
      lastWritten = text;
    },
    press: (button) => page.click(button),
    messages: async () => v.parse(v.array(shownMessage), await page.evaluate(readMessages)),
    people: async () => v.parse(v.array(v.string()), await page.evaluate(readPeople)),
    untilConnection: (state, timeoutMs) =>
      page.untilShown(`[role="status"][data-connection-state="${state}"]`, timeoutMs),
    untilNoLine: () => page.untilShown('[role="status"]:not([data-connection-state="open"])'),
    untilBodies: (bodies, timeoutMs = patienceMs) =>
      expect
        .poll(async () => (await chat.messages()).map(({ body }) => body), { timeout: timeoutMs })
        .toEqual(bodies),
    async untilAllSent(timeoutMs = patienceMs) {
      // A list that has not been drawn since shows nothing unsent, either.
      if (lastWritten !== undefined) await untilThere(lastWritten, timeoutMs);
      await expect
        .poll(async () => (await chat.messages()).filter(({ state }) => state !== 'sent'), {
          timeout: timeoutMs,
        })
        .toEqual([]);
    },
    untilPeople: (names) =>
      expect
        .poll(async () => (await chat.people()).sort(), { timeout: patienceMs })
        .toEqual([...names].sort()),
    exportRoom: async () => v.parse(exportedRoom, JSON.parse(await page.save('Export'))),
  };
  const untilThere = (body: string, timeoutMs: number) =>
    expect
      .poll(async () => (await chat.messages()).map((each) => each.body), { timeout: timeoutMs })
      .toContain(body);
  return chat;
}

/** Runs in the page. */
function readMessages() {
  return [...document.querySelectorAll('[role="log"] [data-message-id]')].map((element) => ({
    id: element.getAttribute('data-message-id') ?? '',
    seq: element.hasAttribute('data-seq') ? Number(element.getAttribute('data-seq')) : undefined,
    state: element.getAttribute('data-state') ?? '',
    author: element.querySelector('[data-part="author"]')?.textContent ?? '',
    body: element.querySelector('[data-part="body"]')?.textContent ?? '',
    live: element.getAttribute('data-live') ?? undefined,
    isCut: element.querySelector('[data-part="stream"][data-end="cut"]') ? true : undefined,
  }));
}

/** Runs in the page. */
function readPeople() {
  return [...document.querySelectorAll('ul[aria-label="Here now"] bdi')]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }))
    .map((element) => element.textContent);
}
