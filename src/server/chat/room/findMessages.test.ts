/** What a search in a room finds: seen from a client's line. */
import { beforeAll, describe, expect, it } from 'vitest';
import { limits } from '../../../protocol/limits';
import { LogUnavailableError } from '../../log/log';
import { createMemoryLog } from '../../log/memoryLog';
import { createScanSearch } from '../../log/scanSearch';
import { createTestChat, settle } from '../testChat';

const say = (id: string, body: string, room = 'tea') => ({ t: 'send', id, room, body }) as const;
const search = (text: string, before?: number) =>
  ({ t: 'search', room: 'tea', text, ...(before !== undefined && { before }) }) as const;

// What searches is fetched for whoever searches first.
beforeAll(async () => void (await import('./findMessages')));

describe('a search', () => {
  it('is answered with the messages that contain it, the newest first', async () => {
    const chat = createTestChat();
    const ann = await chat.enter('Ann', 'tea', 'attic');
    ann.send(
      say('a', '今天天气很好'),
      say('b', 'no'),
      say('c', '天气！'),
      say('d', '天气', 'attic'),
    );
    ann.send(search('天气'));
    await settle();
    const found = ann.last('found');
    expect(found).toMatchObject({ room: 'tea', epoch: 'epoch-1', text: '天气', more: false });
    expect(found.messages.map(({ seq, body }) => [seq, body])).toEqual([
      [3, '天气！'],
      [1, '今天天气很好'],
    ]);
  });

  it('goes on from the last that it found', async () => {
    const chat = createTestChat();
    const ann = await chat.enter('Ann', 'tea');
    for (let message = 0; message < 60; message += 1) ann.send(say(`m${message}`, 'tea'));
    ann.send(search('tea'));
    await settle();
    const first = ann.last('found');
    expect(first.more).toBe(true);
    expect(first.messages).toHaveLength(limits.searchMessages);
    ann.send(search('tea', first.messages.at(-1)?.seq));
    await settle();
    expect(ann.last('found').messages.map(({ seq }) => seq)).toEqual([
      10, 9, 8, 7, 6, 5, 4, 3, 2, 1,
    ]);
    expect(ann.last('found').more).toBe(false);
  });

  it('is for who is in the room', async () => {
    const chat = createTestChat();
    const eve = await chat.enter('Eve', 'attic');
    eve.send(search('tea'));
    await settle();
    expect(eve.last('err').code).toBe('not_in_room');
    expect(eve.all('found')).toEqual([]);
  });

  it('while it is away is to be tried again, and all else goes on', async () => {
    const log = createMemoryLog('epoch-1');
    let isAway = true;
    const index = createScanSearch(log);
    const chat = createTestChat(log, {
      search: {
        ...index,
        async search(...asked) {
          if (isAway) throw new LogUnavailableError('it is being made');
          return index.search(...asked);
        },
      },
    });
    const ann = await chat.enter('Ann', 'tea');
    ann.send(say('a', 'tea'), search('tea'));
    await settle();
    expect(ann.last('err')).toMatchObject({
      ...{ code: 'unavailable', room: 'tea', retry: true },
      instead: 'found',
    });
    expect(ann.last('err').after).toBeGreaterThan(0);
    isAway = false;
    ann.send(search('tea'));
    await settle();
    expect(ann.last('found').messages).toHaveLength(1);
    expect(ann.closedWith).toBeUndefined();
  });

  it('shows nothing that was deleted since the index was asked', async () => {
    const log = createMemoryLog('epoch-1');
    const index = createScanSearch(log);
    const chat = createTestChat(log, {
      search: {
        ...index,
        async search(...asked) {
          const found = await index.search(...asked);
          const [message] = (await log.after('tea', 0, { messages: 1, length: 1 })).messages;
          if (!message) throw new Error('there is no message');
          const { seq, mid, from } = message;
          const about = { kind: 'delete', seq, mid } as const;
          await log.append({ room: 'tea', from, id: 'gone', mid: 'gone', body: '', at: 1, about });
          return found;
        },
      },
    });
    const ann = await chat.enter('Ann', 'tea');
    ann.send(say('a', 'secret one'), say('b', 'secret two'), search('secret'));
    await settle();
    expect(ann.last('found').messages.map(({ body }) => body)).toEqual(['secret two']);
  });

  it('is told once its line has ended', async () => {
    const log = createMemoryLog('epoch-1');
    const overs: boolean[] = [];
    let goOn = () => {};
    const ended = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const chat = createTestChat(log, {
      search: {
        ...createScanSearch(log),
        async search(_room, _text, _before, _limit, isOver = () => false) {
          overs.push(isOver());
          await ended;
          overs.push(isOver());
          return { seqs: [], more: false };
        },
      },
    });
    const ann = await chat.enter('Ann', 'tea');
    ann.send(search('tea'));
    await settle();
    ann.end();
    goOn();
    await settle();
    expect(overs).toEqual([false, true]);
    expect(ann.all('found')).toEqual([]);
  });

  it('answers in the order of asking, among pages', async () => {
    const chat = createTestChat();
    const ann = await chat.enter('Ann', 'tea');
    ann.clear();
    ann.send(search('a'), { t: 'history', room: 'tea', before: 9, limit: 5 }, search('b'));
    await settle();
    expect(ann.received.map(({ t }) => t)).toEqual(['found', 'history', 'found']);
  });
});
