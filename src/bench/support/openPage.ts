/** Opens the page under test in a browser that is driven by Playwright. */
import type { Page } from 'playwright-core';

/** Opens a page under test. Resolves when its client is connected. */
export async function openPage(page: Page, url: string): Promise<void> {
  const errors: string[] = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  await page.goto(url);
  try {
    await page.waitForFunction(() => window.bench?.notes().changes.at(-1)?.isUp);
  } catch (cause) {
    throw new Error(`${url} does not connect: ${errors.join('; ')}`, { cause });
  }
}
