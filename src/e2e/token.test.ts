import { describe, expect, it } from 'vitest';
import { startBrowser } from './support/browser';
import { openChat } from './support/chatPage';
import { startServer } from './support/serverProcess';

describe('a guest who stays for longer than a token holds', () => {
  it('is given a new one on the open line, one at a time, and is the same after a reload', async () => {
    const server = await startServer(['--token-lifetime', '3s']);
    const { browser } = await startBrowser();
    const ann = await openChat(browser, server.url, { name: 'Ann' });
    await ann.untilConnection('open');
    await ann.write('before');
    await ann.untilAllSent();

    let sockets = 0;
    const exchanged: string[] = [];
    ann.page.on('websocket', (socket) => {
      sockets += 1;
      const note = ({ payload }: { payload: string | Buffer }) => {
        const { t } = JSON.parse(String(payload));
        if (t === 'refresh' || t === 'token') exchanged.push(t);
      };
      socket.on('framesent', note);
      socket.on('framereceived', note);
    });
    await ann.page.reload();
    await ann.untilConnection('open');
    // Three lives and more, on one line.
    await expect.poll(() => exchanged.length, { timeout: 30_000 }).toBeGreaterThanOrEqual(8);
    expect(exchanged.map((_, index) => (index % 2 === 0 ? 'refresh' : 'token'))).toEqual(exchanged);
    expect(sockets).toBe(1);

    await ann.page.reload();
    await ann.untilConnection('open');
    await ann.write('after');
    await ann.untilAllSent();
    const mine = ann.page.locator('[data-mine="true"]');
    await expect.poll(() => mine.count()).toBe(2);
  });
});
