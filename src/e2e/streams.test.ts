/**
 * Messages that are read while they are written, in real browsers: by who is there from the beginning, who comes
 * in the middle, and whose line is cut on the way; and what is left of one whose writer dies.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { v7 as uuidv7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { createStreamWriter } from '../chat/streamWriter';
import { systemTime } from '../connection/ports';
import { startBrowser } from './support/browser';
import { enterChat } from './support/chatClient';
import { type ChatPage, openChat } from './support/chatPage';
import { startFaultProxy } from './support/faultProxy';
import { startServer } from './support/serverProcess';
import { openSession } from './support/sessionClient';

/** So many pieces, of some characters each: of several scripts, and with what could be taken for an end. */
const pieceCount = 2_000;
const ends = ['心', ' ', '💓', '\n', '.'];
const pieces = Array.from({ length: pieceCount }, (_, at) => `${at % 1_000}${ends[at % 5]}`);

/** What one of them takes, in ms: all of a user's frames together are bounded. */
const pieceMs = 5;

/** What writing a part of it may take on a busy machine, in ms. */
const patienceMs = 60_000;

declare global {
  interface Window {
    /** What was shown of the message in the making, one after another. */
    seen?: string[];
  }
}

/** A page that remembers what it was shown of messages in the making. */
async function openReader(browser: Browser, url: string, name: string): Promise<ChatPage> {
  const reader = await openChat(browser, url, { name });
  await reader.untilConnection('open');
  await reader.page.evaluate(() => {
    const seen: string[] = [];
    window.seen = seen;
    const look = () => {
      const body = document.querySelector('[data-live] [data-part="body"]')?.textContent;
      if (body !== undefined && body !== null && body !== seen.at(-1)) seen.push(body);
    };
    new MutationObserver(look).observe(document, {
      subtree: true,
      childList: true,
      characterData: true,
    });
    look();
  });
  return reader;
}

const live = ({ page }: ChatPage) => page.locator('[data-live="writing"] [data-part="body"]');

/** Waits until so much of the message is shown, in UTF-16 code units. */
async function untilShown(reader: ChatPage, length: number) {
  await expect
    .poll(async () => (await live(reader).textContent())?.length ?? 0, { timeout: patienceMs })
    .toBeGreaterThanOrEqual(length);
}

/** How far the end of the list is below the screen, in CSS px; its height must be more than that of the screen. */
const fromEnd = ({ page }: ChatPage) =>
  page.getByRole('log').evaluate(({ scrollHeight, scrollTop, clientHeight }) => {
    if (scrollHeight <= clientHeight) throw new Error('all of it is on the screen');
    return scrollHeight - scrollTop - clientHeight;
  });

/** What is shown, but for texts of which it is enough to know whether they are the whole. */
async function shownOf(reader: ChatPage, whole: string) {
  return (await reader.messages()).map(({ body, ...message }) => ({
    ...message,
    isWhole: body === whole,
  }));
}

describe('a message of 2,000 pieces', { timeout: 300_000 }, () => {
  it('is read whole and once by who is there, who comes in the middle, and whose line is cut twice', async () => {
    const server = await startServer();
    const proxy = await startFaultProxy(server.port);
    const { browser } = await startBrowser();
    const there = await openReader(browser, server.url, 'There');
    const cutOff = await openReader(browser, proxy.url, 'Cut');
    const writer = openSession(server.webSocketUrl, 'Writer');
    await expect.poll(() => writer.shown.isLoaded).toBe(true);
    const stream = createStreamWriter({
      line: writer.streams,
      id: uuidv7(),
      room: 'lobby',
      time: systemTime,
      everyMs: 1,
    });

    const whole = pieces.join('');
    const writing = (async () => {
      for (const piece of pieces) {
        stream.write(piece);
        await delay(pieceMs);
      }
    })();
    await untilShown(cutOff, whole.length / 5);
    proxy.resetAll();
    await cutOff.page.locator('[role="status"]:not([data-connection-state="open"])').waitFor();
    await untilShown(there, whole.length / 3);
    const middle = await openReader(browser, server.url, 'Middle');
    await untilShown(middle, whole.length / 3);
    await untilShown(cutOff, whole.length / 3);
    proxy.fail({ kind: 'black hole' });
    await untilShown(there, (2 * whole.length) / 3);
    proxy.resetAll();
    proxy.fail({ kind: 'none' });
    await untilShown(cutOff, (2 * whole.length) / 3);
    await writing;
    await untilShown(there, whole.length);
    // It has long been higher than the screen, and its end is what is seen.
    await expect.poll(() => fromEnd(there)).toBeLessThanOrEqual(1.5);
    expect(await stream.end()).toBe(1);

    for (const reader of [there, cutOff, middle]) {
      await expect
        .poll(() => shownOf(reader, whole), { timeout: 30_000 })
        .toEqual([{ id: stream.id, seq: 1, state: 'sent', author: 'Writer', isWhole: true }]);
      const seen = (await reader.page.evaluate(() => window.seen)) ?? [];
      expect(seen.length).toBeGreaterThan(20);
      expect(seen.filter((text) => !whole.startsWith(text))).toEqual([]);
    }
  });
});

describe('a message whose writer dies', () => {
  it('is shown as broken off, with what there was of it, to who was there and who comes later', async () => {
    const server = await startServer();
    const { browser } = await startBrowser();
    const reader = await openReader(browser, server.url, 'Reader');
    const writer = await enterChat(server.webSocketUrl, 'Writer');
    writer.send({ t: 'stream', id: 's1', room: 'lobby', at: 0, text: 'as far as ' });
    await untilShown(reader, 10);
    writer.socket.terminate();
    const mark = 'Broken off here';
    await reader.page.getByText(mark).waitFor({ timeout: 30_000 });
    const left = [
      { id: 's1', seq: 1, state: 'sent', author: 'Writer', body: 'as far as ', isCut: true },
    ];
    expect(await reader.messages()).toEqual(left);
    const later = await openReader(browser, server.url, 'Later');
    await later.page.getByText(mark).waitFor();
    expect(await later.messages()).toEqual(left);
  });

  it('is put right when they come back and end it', async () => {
    const server = await startServer();
    const proxy = await startFaultProxy(server.port);
    const { browser } = await startBrowser();
    const reader = await openReader(browser, server.url, 'Reader');
    const writer = openSession(`ws://localhost:${proxy.port}/ws`, 'Writer');
    await expect.poll(() => writer.shown.isLoaded).toBe(true);
    const stream = createStreamWriter({
      line: writer.streams,
      id: uuidv7(),
      room: 'lobby',
      time: systemTime,
    });
    stream.write('as far as ');
    await untilShown(reader, 10);
    proxy.fail({ kind: 'refuse' });
    await reader.page.getByText('Broken off here').waitFor({ timeout: 30_000 });
    stream.write('it goes');
    const end = stream.end();
    proxy.fail({ kind: 'none' });
    writer.actions.reconnect();
    expect(await end).toBe(1);
    await reader.untilBodies(['as far as it goes']);
    await expect.poll(() => reader.page.getByText('Broken off here').count()).toBe(0);
  });

  it('with the server that knew of it is shown as broken off, and as kept by nobody', async () => {
    const server = await startServer();
    const { browser } = await startBrowser();
    const reader = await openReader(browser, server.url, 'Reader');
    const writer = await enterChat(server.webSocketUrl, 'Writer');
    writer.send({ t: 'stream', id: 's1', room: 'lobby', at: 0, text: 'as far as ' });
    await untilShown(reader, 10);
    await server.kill('SIGKILL');
    await server.start();
    await reader.untilConnection('open', 30_000);
    await reader.page.getByText('Broken off, and not kept').waitFor({ timeout: 30_000 });
    expect(await reader.messages()).toMatchObject([{ body: 'as far as ', live: 'broken' }]);
    await reader.page.reload();
    await reader.untilConnection('open');
    await reader.untilBodies([]);
  });
});
