/** A person at the page in Chromium, whose page can be driven in every way that Playwright knows. */
import type { Browser, Page } from 'playwright-core';
import { type Chat, chatAt } from '../drivers/chat';
import { drivePage } from '../drivers/chromium';

export interface ChatPage extends Chat {
  readonly page: Page;
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

export const atChat = (page: Page): ChatPage => ({ page, ...chatAt(drivePage(page)) });
