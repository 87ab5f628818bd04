import { describe, expect, it } from 'vitest';
import { openChat } from './drivers/chat';
import { everyBrowser } from './drivers/everyBrowser';
import { startServer } from './support/serverProcess';

const intervalMs = 2_000;
const timeoutMs = 1_000;
/** What the page may take beyond the bound to be scheduled and painted on a busy machine. */
const slackMs = 1_000;
const flags = ['--heartbeat-interval', '2s', '--heartbeat-timeout', '1s'];

describe.each(everyBrowser)('a server that freezes ($name)', (driver) => {
  it('is noticed within interval and timeout, shown, and healed when it goes on', async () => {
    const server = await startServer(flags);
    const browser = await driver.startBrowser();
    const ann = await openChat(browser, server.url, { name: 'Ann' });
    await ann.untilConnection('open');
    await ann.write('before');
    await ann.untilAllSent();

    const frozenAt = Date.now();
    server.freeze();
    await ann.untilNoLine();
    expect(Date.now() - frozenAt).toBeLessThan(intervalMs + timeoutMs + slackMs);
    await ann.write('while frozen');

    server.thaw();
    await ann.untilConnection('open', 30_000);
    await ann.untilBodies(['before', 'while frozen']);
    await ann.untilAllSent();
  });
});

describe.each(everyBrowser)('a client that freezes ($name)', (driver) => {
  it('is dropped by the server, seen to leave, and catches up when it goes on', async () => {
    const server = await startServer(flags);
    const browser = await driver.startBrowser();
    const sleeper = await driver.startBrowser();
    const ann = await openChat(browser, server.url, { name: 'Ann' });
    await ann.untilConnection('open');
    const bob = await openChat(sleeper, server.url, { name: 'Bob' });
    await bob.untilConnection('open');
    await ann.untilPeople(['Ann', 'Bob']);

    sleeper.freeze();
    await ann.untilPeople(['Ann']);
    await ann.write('Bob sleeps');
    await ann.untilAllSent();

    sleeper.thaw();
    await bob.untilBodies(['Bob sleeps'], 30_000);
    await ann.untilPeople(['Ann', 'Bob']);
  });
});
