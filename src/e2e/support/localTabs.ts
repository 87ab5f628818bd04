/** Tabs of one browser on a built page that a plain file server has, whose chat is in that browser. */
import type { BrowserContext } from 'playwright-core';
import { startBrowser } from './browser';
import { atChat, type ChatPage } from './chatPage';
import { type StaticHost, startStaticHost } from './staticHost';

/** Opens a room without the companion, unless `query` says otherwise: people alone count there. */
export async function openTab(
  context: BrowserContext,
  host: StaticHost,
  query: Record<string, string>,
): Promise<ChatPage> {
  const page = await context.newPage();
  await page.goto(`${host.url}?${new URLSearchParams({ lang: 'en', room: 'tea', ...query })}`);
  return atChat(page);
}

export async function openBrowser() {
  const host = await startStaticHost();
  const { browser } = await startBrowser();
  return { host, browser, context: await browser.newContext({ acceptDownloads: true }) };
}
