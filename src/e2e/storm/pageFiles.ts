/** Files of somebody at the page: attached by the browser's own choice, and saved by the button of their card. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { atChat } from '../support/chatPage';
import { patienceMs } from '../support/patience';
import { givenBytes, noBytes } from './headlessFiles';
import type { FileToSend } from './stormFiles';
import type { StormFile, StormMessage } from './stormOutcome';

declare global {
  interface Window {
    /** Tells the test what address the page would have saved. */
    tellSaving?(url: string): void;
  }
}

const row = '[data-message-id]';

/** Sends a file with a text, and waits until it is kept. False where the page takes none just now. */
export async function attachAtPage(page: Page, text: string, file: FileToSend): Promise<boolean> {
  const input = page.locator('input[data-part="files"]');
  if ((await input.count()) === 0) return false;
  await input.setInputFiles({
    name: file.name,
    mimeType: 'application/octet-stream',
    buffer: Buffer.from(file.bytes),
  });
  await page.getByRole('list', { name: 'Attached files' }).waitFor({ timeout: patienceMs });
  await atChat(page).write(text);
  // No other text of the storm begins so.
  const [start = text] = text.match(/^[^.]*\./) ?? [];
  const own = page.locator(`${row}:not(:has([data-upload="preparing"]))`, {
    has: page.locator('[data-part="body"]', { hasText: start }),
  });
  await own.first().waitFor({ state: 'attached', timeout: patienceMs });
  return true;
}

export interface PageSaving {
  /** What is shown, with the files as they can be saved. */
  withFiles(messages: readonly StormMessage[]): Promise<readonly StormMessage[]>;
}

/** How often a button is pressed: the line may be lost just then. */
const mostTries = 3;

/** Has what the page saves come here, and not to the disk. To be called before the page is loaded. */
export async function watchSaving(page: Page): Promise<PageSaving> {
  let told = (_: string) => {};
  await page.exposeFunction('tellSaving', (url: string) => told(url));
  await page.addInitScript(() => {
    const onClick = (event: MouseEvent) => {
      const link = event.target;
      if (!(link instanceof HTMLAnchorElement) || link.download === '') return;
      event.preventDefault();
      window.tellSaving?.(link.href);
    };
    document.addEventListener('click', onClick, true);
  });

  async function save(seq: number): Promise<StormFile> {
    const button = page
      .locator(`${row}[data-seq="${seq}"]`)
      .getByRole('button', { name: /^Download / });
    const name = (await button.getAttribute('aria-label'))?.replace(/^Download /, '') ?? '';
    for (let tries = 0; tries < mostTries; tries += 1) {
      const saving = new Promise<string>((resolve) => {
        told = resolve;
      });
      await button.dispatchEvent('click');
      const url = await Promise.race([saving, delay(patienceMs)]);
      const bytes = url && (await givenBytes(url, page.url()).catch(() => undefined));
      if (bytes) return { name, ...bytes };
    }
    return { name, ...noBytes };
  }

  return {
    async withFiles(messages) {
      const isWithFile = page.locator(`${row}[data-seq]:has([data-part="file"])`);
      const seqs = await isWithFile.evaluateAll((rows) =>
        rows.map((each) => Number(each.getAttribute('data-seq'))),
      );
      const files = new Map<number | undefined, StormFile>();
      for (const seq of seqs) files.set(seq, await save(seq));
      return messages.map((message) => ({ ...message, file: files.get(message.seq) }));
    },
  };
}
