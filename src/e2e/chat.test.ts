import { describe, expect, it } from 'vitest';
import { atPage, openChat as openDrivenChat } from './drivers/chat';
import { everyBrowser } from './drivers/everyBrowser';
import { startBrowser } from './support/browser';
import { openChat } from './support/chatPage';
import { startFaultProxy } from './support/faultProxy';
import { startServer } from './support/serverProcess';

describe.each(everyBrowser)('two people in two browsers ($name)', (driver) => {
  it('read the same messages in the same order, each marked sent', async () => {
    const server = await startServer();
    const browser = await driver.startBrowser();
    const ann = await openDrivenChat(browser, server.url, { name: 'Ann', room: 'tea' });
    const ming = await openDrivenChat(browser, server.url, { name: '小明', room: 'tea' });
    await ann.untilConnection('open');
    await ming.untilConnection('open');

    const written = [
      'Hello from Ann',
      '你好，Ann！今天喝什么茶？',
      'Oolong 🍵, and a family of one glyph: 👩‍👩‍👧‍👦',
      '心'.repeat(10_000),
      `${'long '.repeat(1_999)}text!`,
      '  spaces   kept,\nand lines too\n',
      '<b>not bold</b> & "quoted"',
      'مرحبا بالعالم',
    ];
    for (const [index, text] of written.entries()) {
      await (index % 2 === 0 ? ann : ming).write(text);
      await ann.untilBodies(written.slice(0, index + 1));
      await ming.untilBodies(written.slice(0, index + 1));
    }
    await ann.untilAllSent();
    await ming.untilAllSent();

    const [shownToAnn, shownToMing] = [await ann.messages(), await ming.messages()];
    expect(shownToAnn).toEqual(shownToMing);
    expect(shownToAnn.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(shownToAnn.map(({ author }) => author)).toEqual(
      written.map((_, i) => (i % 2 ? '小明' : 'Ann')),
    );

    const saved = await ming.exportRoom();
    expect(saved.room).toBe('tea');
    expect(saved.messages.map(({ body }) => body)).toEqual(written);
  });

  it('see who is here', async () => {
    const server = await startServer();
    const browser = await driver.startBrowser();
    const ann = await openDrivenChat(browser, server.url, { name: 'Ann' });
    await ann.untilConnection('open');
    const bob = await openDrivenChat(browser, server.url, { name: 'Bob' });
    await ann.untilPeople(['Ann', 'Bob']);
    await bob.press('Disconnect');
    await ann.untilPeople(['Ann']);
  });
});

describe.each(everyBrowser)('a newcomer ($name)', (driver) => {
  it('is asked for a name, and keeps it over a reload', async () => {
    const server = await startServer();
    const browser = await driver.startBrowser();
    const page = await (await browser.newProfile()).openPage(`${server.url}?lang=en`);
    await page.fill('Your name', 'Zoë');
    await page.click('Join');
    const zoe = atPage(page);
    await zoe.untilConnection('open');
    await zoe.write('I am new here');
    await zoe.untilAllSent();
    await page.reload();
    await zoe.untilConnection('open');
    await zoe.untilBodies(['I am new here']);
    await zoe.write('and still myself');
    await zoe.untilAllSent();
    expect((await zoe.messages()).map(({ author }) => author)).toEqual(['Zoë', 'Zoë']);
  });
});

describe('Disconnect', () => {
  it('stays disconnected, whatever the page hears, until Reconnect; then nothing is missing', async () => {
    const server = await startServer();
    const { browser } = await startBrowser();
    const ann = await openChat(browser, server.url, { name: 'Ann' });
    const bob = await openChat(browser, server.url, { name: 'Bob' });
    await ann.untilConnection('open');
    await bob.untilConnection('open');
    await ann.press('Disconnect');
    await ann.untilConnection('closed');

    await ann.write('written while disconnected');
    await bob.write('Ann?');
    await bob.untilBodies(['Ann?']);
    await bob.untilAllSent();
    await ann.page.evaluate(() => {
      window.dispatchEvent(new Event('online'));
      document.dispatchEvent(new Event('visibilitychange'));
    });
    // Bob's second message has been through the server: time enough for a wrong reconnect to show.
    await bob.write('are you there?');
    await bob.untilAllSent();
    await ann.untilConnection('closed');
    expect(await ann.messages()).toMatchObject([
      { body: 'written while disconnected', state: 'queued' },
    ]);

    await ann.press('Reconnect');
    const whole = ['Ann?', 'are you there?', 'written while disconnected'];
    await ann.untilBodies(whole);
    await bob.untilBodies(whole);
    await ann.untilAllSent();
  });
});

describe.each(everyBrowser)('a reload ($name)', (driver) => {
  it('keeps name, room, history and what is unsent', async () => {
    const pageServer = await startServer();
    const chatServer = await startServer(['--allow-origin', pageServer.url]);
    const browser = await driver.startBrowser();
    const ann = await openDrivenChat(browser, pageServer.url, {
      name: 'Ann',
      room: 'attic',
      server: chatServer.webSocketUrl,
    });
    await ann.untilConnection('open');
    await ann.write('sent before the outage');
    await ann.untilAllSent();

    await chatServer.kill('SIGKILL');
    await ann.untilNoLine();
    await ann.write('written in the outage');
    await ann.page.untilShown('[data-state="queued"]');
    await ann.page.reload();
    await ann.page.untilShown('[data-state="queued"]');
    // What was sent is there, too, if there was time to keep it.
    const unsent = (await ann.messages()).filter(({ state }) => state !== 'sent');
    expect(unsent).toMatchObject([
      { body: 'written in the outage', state: 'queued', author: 'Ann' },
    ]);

    await chatServer.start();
    await ann.untilBodies(['sent before the outage', 'written in the outage'], 30_000);
    await ann.untilAllSent();
    const { room, messages } = await ann.exportRoom();
    expect(room).toBe('attic');
    expect(messages.map(({ author }) => author)).toEqual(['Ann', 'Ann']);
  });
});

describe.each(everyBrowser)('a reload in the middle of writing ($name)', (driver) => {
  it('loses nothing that was shown, and doubles nothing', async () => {
    const server = await startServer();
    const browser = await driver.startBrowser();
    const ann = await openDrivenChat(browser, server.url, { name: 'Ann' });
    const written: string[] = [];
    for (let round = 0; round < 5; round += 1) {
      await ann.untilConnection('open');
      for (let index = 0; index < 8; index += 1) {
        const text = `round ${round} message ${index}`;
        written.push(text);
        await ann.page.fill('Message', text);
        await ann.page.press('Enter');
      }
      await ann.page.reload();
    }
    await ann.untilConnection('open');
    await expect.poll(async () => (await ann.messages()).length).toBe(written.length);
    await ann.untilAllSent();
    const { messages } = await ann.exportRoom();
    expect(messages.map(({ body }) => body).sort()).toEqual([...written].sort());
  });
});

describe.each(everyBrowser)('a browser without a network ($name)', (driver) => {
  it('says so, keeps what is written, and comes back with the network', async () => {
    const server = await startServer();
    const browser = await driver.startBrowser();
    const proxy = await startFaultProxy(server.port);
    const ann = await openDrivenChat(browser, proxy.url, { name: 'Ann' });
    await ann.untilConnection('open');
    await ann.page.profile.setOffline(true);
    // Not every browser cuts what is open when it is told to be without a network.
    proxy.fail({ kind: 'refuse' });
    await ann.untilConnection('offline');
    await ann.write('from the tunnel');
    await ann.page.untilShown('[data-state="queued"]');
    proxy.fail({ kind: 'none' });
    await ann.page.profile.setOffline(false);
    await ann.untilConnection('open');
    await ann.untilAllSent();
  });
});

describe('a reader who has scrolled up', () => {
  it('keeps the place while messages come and the line breaks, and the page never outgrows its window', async () => {
    const server = await startServer();
    const { browser } = await startBrowser();
    const ann = await openChat(browser, server.url, { name: 'Ann' });
    const bob = await openChat(browser, server.url, { name: 'Bob' });
    await ann.untilConnection('open');
    const written = Array.from({ length: 40 }, (_, index) => `line ${index}`);
    for (const text of written) await bob.write(text);
    await ann.untilBodies(written);

    const log = ann.page.getByRole('log');
    const heights = await ann.page.evaluate(() => [
      document.documentElement.scrollHeight,
      window.innerHeight,
    ]);
    expect(heights[0]).toBe(heights[1]);

    await log.hover();
    await ann.page.mouse.wheel(0, -400);
    await ann.page.getByRole('button', { name: /Jump to latest/ }).waitFor();
    const place = await log.evaluate((element) => element.scrollTop);
    await bob.write('one more');
    await ann.page.getByRole('button', { name: /1 new message/ }).waitFor();
    await server.kill('SIGKILL');
    await ann.page.locator('[role="status"]:not([data-connection-state="open"])').waitFor();
    expect(await log.evaluate((element) => element.scrollTop)).toBe(place);

    await ann.page.getByRole('button', { name: /Jump to latest/ }).click();
    await ann.page.getByRole('button', { name: /Jump to latest/ }).waitFor({ state: 'detached' });
    const fromEnd = await log.evaluate(
      ({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight,
    );
    expect(fromEnd).toBeLessThan(2);
  });
});
