import { describe, expect, it } from 'vitest';
import { atPage, openChat as openDrivenChat } from './drivers/chat';
import { everyBrowser } from './drivers/everyBrowser';
import { startBrowser } from './support/browser';
import { openChat } from './support/chatPage';
import { startServer } from './support/serverProcess';
import { startTabBrowser } from './support/tabBrowser';

describe.each(everyBrowser)('a page that its reader leaves and comes back to ($name)', (driver) => {
  it('by the back button is connected again, with one line and nothing missing', async () => {
    const server = await startServer();
    const browser = await driver.startBrowser();
    const ann = await openDrivenChat(browser, server.url, { name: 'Ann' });
    const bob = await openDrivenChat(browser, server.url, { name: 'Bob' });
    await ann.untilConnection('open');
    await bob.untilConnection('open');
    await ann.write('before');
    await bob.untilBodies(['before']);
    await ann.page.evaluate(() =>
      window.addEventListener('pageshow', ({ persisted }) => Object.assign(window, { persisted })),
    );

    await ann.page.goto(`${server.url}icon.svg`);
    await bob.write('while away');
    await bob.untilAllSent();
    await ann.page.goBack();
    await ann.untilConnection('open');
    // Where it was kept whole, its line had been closed when it was put aside.
    expect(await ann.page.evaluate(() => 'persisted' in window && window.persisted)).toBe(
      driver.keepsPages,
    );
    await ann.untilBodies(['before', 'while away']);
    await ann.write('back');
    await bob.untilBodies(['before', 'while away', 'back']);
    await bob.untilPeople(['Ann', 'Bob']);
  });

  it('with messages unsent finds them again, also when the browser had to kill it', async () => {
    const server = await startServer();
    const browser = await driver.startBrowser();
    const ann = await openDrivenChat(browser, server.url, { name: 'Ann' });
    await ann.untilConnection('open');
    await ann.press('Disconnect');
    for (const text of ['one', 'two', 'three']) await ann.write(text);
    const url = await ann.page.url();
    await ann.page.crash();
    const again = atPage(await ann.page.profile.openPage(url));
    await again.untilBodies(['one', 'two', 'three']);
    await again.untilAllSent();
  });
});

describe('a page that its reader leaves and comes back to', () => {
  it('after it was frozen in the background has everything that was said, and its line again', async () => {
    const server = await startServer(['--heartbeat-interval', '2s', '--heartbeat-timeout', '1s']);
    const { browser } = await startBrowser();
    const bob = await openChat(browser, server.url, { name: 'Bob' });
    await bob.untilConnection('open');
    const here = bob.page.getByRole('list', { name: 'Here now' }).getByRole('listitem');

    const tabs = await startTabBrowser();
    const ann = await tabs.open(`${server.url}?name=Ann&lang=en`, 'new window');
    await expect.poll(() => here.count()).toBe(2);
    const front = await tabs.open('about:blank', 'same window');
    await expect.poll(() => ann.evaluate('document.visibilityState')).toBe('hidden');
    await ann.freeze();
    await bob.write('while frozen');
    // Her presence ends once the server has had no answer and the grace is over.
    await expect.poll(() => here.count(), { timeout: 30_000 }).toBe(1);
    await bob.write('after she was gone');

    await ann.thaw();
    await ann.bringToFront();
    await front.close();
    await expect.poll(() => here.count()).toBe(2);
    const shown = `[...document.querySelectorAll('[data-part="body"]')].map((each) => each.textContent)`;
    await expect.poll(() => ann.evaluate(shown)).toEqual(['while frozen', 'after she was gone']);
  });
});
