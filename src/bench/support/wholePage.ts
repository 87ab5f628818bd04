/**
 * A page all of which is on screen. Playwright makes a window as large as the page, its frame included, so that
 * the lowest rows of the page are outside of it. What changes there alone is never presented: a key typed
 * into a field at the foot of the page seems to take until something further up changes.
 */
import type { Browser, Page } from 'playwright-core';

/** More than the frame of a window takes, in CSS px. */
const framePx = 300;

/** Opens a page of that size, in CSS px, in a window that has room for it. */
export async function newWholePage(
  browser: Browser,
  viewport: { width: number; height: number },
): Promise<Page> {
  const page = await browser.newPage({ viewport });
  const session = await page.context().newCDPSession(page);
  const { windowId } = await session.send('Browser.getWindowForTarget');
  const { width, height } = viewport;
  const bounds = { width: width + framePx, height: height + framePx };
  await session.send('Browser.setWindowBounds', { windowId, bounds });
  await session.detach();
  return page;
}
