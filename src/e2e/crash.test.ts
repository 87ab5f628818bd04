import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openChat } from './drivers/chat';
import { everyBrowser } from './drivers/everyBrowser';
import { startServer } from './support/serverProcess';

describe.each(everyBrowser)('kill -9 of the server under load ($name)', (driver) => {
  it('loses nothing, doubles nothing and mixes nothing up, on both sides, after a reload too', async () => {
    const server = await startServer();
    const browser = await driver.startBrowser();
    const ann = await openChat(browser, server.url, { name: 'Ann' });
    const bob = await openChat(browser, server.url, { name: 'Bob' });
    await ann.untilConnection('open');
    await bob.untilConnection('open');

    // A message every 100 ms for 20 s; the server is dead from 5 s to 10 s.
    const written = Array.from({ length: 200 }, (_, index) => `message ${index}`);
    const startedAt = Date.now();
    const outage = (async () => {
      await delay(5_000);
      await server.kill('SIGKILL');
      await delay(5_000);
      await server.start();
    })();
    for (const [index, text] of written.entries()) {
      await ann.write(text);
      await delay(Math.max(0, startedAt + (index + 1) * 100 - Date.now()));
    }
    await outage;

    for (const person of [ann, bob]) {
      await person.untilConnection('open', 30_000);
      await person.untilBodies(written, 30_000);
      await person.untilAllSent();
    }
    const shown = await ann.messages();
    expect(shown).toEqual(await bob.messages());
    expect(shown.map(({ seq }) => seq)).toEqual(written.map((_, index) => index + 1));

    for (const person of [ann, bob]) {
      await person.page.reload();
      await person.untilBodies(written, 30_000);
      expect((await person.exportRoom()).messages.map(({ body }) => body)).toEqual(written);
    }
  });
});
