import { describe, expect, it } from 'vitest';
import { startBrowser } from './support/browser';
import { openChat } from './support/chatPage';
import { startServer } from './support/serverProcess';

const intervalMs = 2_000;
const timeoutMs = 1_000;
/** What the page may take beyond the bound to be scheduled and painted on a busy machine. */
const slackMs = 1_000;
const flags = ['--heartbeat-interval', '2s', '--heartbeat-timeout', '1s'];

describe('a server that freezes', () => {
  it('is noticed within interval and timeout, shown, and healed when it goes on', async () => {
    const server = await startServer(flags);
    const { browser } = await startBrowser();
    const ann = await openChat(browser, server.url, { name: 'Ann' });
    await ann.untilConnection('open');
    await ann.write('before');
    await ann.untilAllSent();

    const frozenAt = Date.now();
    server.freeze();
    await ann.page.locator('[role="status"]:not([data-connection-state="open"])').waitFor();
    expect(Date.now() - frozenAt).toBeLessThan(intervalMs + timeoutMs + slackMs);
    await ann.write('while frozen');

    server.thaw();
    await ann.untilConnection('open', 30_000);
    await ann.untilBodies(['before', 'while frozen']);
    await ann.untilAllSent();
  });
});

describe('a client that freezes', () => {
  it('is dropped by the server, seen to leave, and catches up when it goes on', async () => {
    const server = await startServer(flags);
    const { browser } = await startBrowser();
    const sleeper = await startBrowser();
    const ann = await openChat(browser, server.url, { name: 'Ann' });
    await ann.untilConnection('open');
    const bob = await openChat(sleeper.browser, server.url, { name: 'Bob' });
    await bob.untilConnection('open');
    const bobIsHere = ann.page.getByRole('list', { name: 'Here now' }).getByText('Bob');
    await bobIsHere.waitFor();

    sleeper.freeze();
    await bobIsHere.waitFor({ state: 'detached', timeout: 30_000 });
    await ann.write('Bob sleeps');
    await ann.untilAllSent();

    sleeper.thaw();
    await bob.untilBodies(['Bob sleeps'], 30_000);
    await bobIsHere.waitFor();
  });
});
