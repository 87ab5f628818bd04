import { describe, expect, it } from 'vitest';
import { startBrowser } from './support/browser';
import { type ChatPage, openChat } from './support/chatPage';
import { startServer } from './support/serverProcess';

/** A line that fell silent is noticed within two seconds. */
const quickHeartbeat = ['--heartbeat-interval', '1s', '--heartbeat-timeout', '1s'];

async function alone(query: Record<string, string> = {}, flags: string[] = []) {
  const server = await startServer(['--companion', ...flags]);
  const { browser } = await startBrowser();
  const ann = await openChat(browser, server.url, { name: 'Ann', room: 'lobby', ...query });
  await ann.untilConnection('open');
  return ann;
}

const bodies = async (chat: ChatPage) => (await chat.messages()).map(({ body }) => body);

/** Waits until the companion has said something that contains this. */
const untilSaid = (chat: ChatPage, text: string) =>
  expect
    .poll(async () => (await bodies(chat)).filter((body) => body.includes(text)))
    .toHaveLength(1);

/** Waits until the page has left its line for another one, from when this was called. */
function awaitNextLine({ page, untilConnection }: ChatPage) {
  let lines = 0;
  page.on('websocket', () => {
    lines += 1;
  });
  return async () => {
    await expect.poll(() => lines).toBeGreaterThan(0);
    await untilConnection('open');
  };
}

/** Each message has its place, in order, and none is there twice. */
async function expectWhole(chat: ChatPage) {
  await chat.untilAllSent();
  const shown = await chat.messages();
  const seqs = shown.map(({ seq }) => seq ?? 0);
  expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
  expect(new Set(shown.map(({ id }) => id)).size).toBe(shown.length);
}

describe('one person alone with the companion', () => {
  it('has a conversation with what is marked as a program', async () => {
    const ann = await alone();
    await untilSaid(ann, 'Hello, Ann! You are number 1 in line.');
    await ann.write('hello');
    await untilSaid(ann, 'You said: hello');
    await ann.write('你好');
    await untilSaid(ann, '你说：你好');
    const marks = ann.page.getByRole('log').locator('[data-part="program"]');
    expect(new Set(await marks.allTextContents())).toEqual(new Set(['program']));
    expect((await ann.messages()).map(({ author }) => author)).toEqual([
      'Echo',
      'Ann',
      'Echo',
      'Ann',
      'Echo',
    ]);
    const members = ann.page.getByRole('list', { name: 'Here now' });
    await expect
      .poll(() => members.getByRole('listitem').allTextContents())
      .toContain('Echoprogram');
  });

  it('is told by /help what to ask for, and gets it: late, all at once, or growing', async () => {
    const ann = await alone();
    await ann.write('hi');
    await ann.write('/help');
    await untilSaid(ann, 'a long answer, written while you read it');
    await ann.write('/slow 1');
    await untilSaid(ann, 'Here I am, 1 second later.');
    await ann.write('/flood 1000');
    await untilSaid(ann, '1,000 messages in');
    await ann.write('/stream');
    await untilSaid(ann, 'with this full stop.');
    const saved = await ann.exportRoom();
    expect(
      saved.messages.filter(({ body }) => / \/ 1000$/.test(body)).map(({ body }) => body),
    ).toEqual(Array.from({ length: 1_000 }, (_, index) => `${index + 1} / 1000`));
  });

  it('is hung up on by /drop, is back by itself, and misses nothing', async () => {
    const ann = await alone();
    await ann.write('hi');
    const nextLine = awaitNextLine(ann);
    await ann.write('/drop');
    await untilSaid(ann, 'I am hanging up on you now.');
    await nextLine();
    await untilSaid(ann, 'I said this while you had no line.');
    await ann.write('hello again');
    await untilSaid(ann, 'You said: hello again');
    await expectWhole(ann);
  });

  it('notices by the heartbeat that after /silent nobody answers, and misses nothing', async () => {
    const ann = await alone({}, quickHeartbeat);
    await ann.write('hi');
    const nextLine = awaitNextLine(ann);
    await ann.write('/silent');
    await untilSaid(ann, 'within 2 seconds');
    await nextLine();
    await ann.write('written when it was over');
    await untilSaid(ann, 'I said this into the silence.');
    await untilSaid(ann, 'You said: written when it was over');
    await expectWhole(ann);
  });

  it('sends again what was written into the silence, and it is there once', async () => {
    const ann = await alone({}, ['--heartbeat-interval', '3s', '--heartbeat-timeout', '2s']);
    await ann.write('hi');
    const nextLine = awaitNextLine(ann);
    await ann.write('/silent');
    await untilSaid(ann, 'within 5 seconds');
    // Nothing tells the page that the line is dead by now, so this goes into it.
    await expect
      .poll(
        async () => {
          await ann.write('anybody?');
          return (await ann.messages()).some(({ state }) => state === 'sending');
        },
        { timeout: 10_000, interval: 700 },
      )
      .toBe(true);
    await nextLine();
    await untilSaid(ann, 'I said this into the silence.');
    await expectWhole(ann);
    const written = (await bodies(ann)).filter((body) => body === 'anybody?');
    await expect
      .poll(async () => (await bodies(ann)).filter((body) => body === 'You said: anybody?'))
      .toHaveLength(written.length);
  });

  it('can choose what to ask for from a list', async () => {
    const ann = await alone();
    await untilSaid(ann, 'Hello, Ann!');
    await ann.page.getByRole('textbox', { name: 'Message' }).pressSequentially('/st');
    await ann.page.getByRole('option', { name: /stream/ }).click();
    await ann.page.keyboard.press('Enter');
    await untilSaid(ann, 'This answer');
  });
});

describe('without the flag', () => {
  it('nobody is there who is no person', async () => {
    const server = await startServer();
    const { browser } = await startBrowser();
    const ann = await openChat(browser, server.url, { name: 'Ann' });
    await ann.untilConnection('open');
    await ann.write('/help');
    await ann.untilAllSent();
    const members = ann.page.getByRole('list', { name: 'Here now' });
    await expect.poll(() => members.getByRole('listitem').count()).toBe(1);
    expect(await bodies(ann)).toEqual(['/help']);
  });
});
