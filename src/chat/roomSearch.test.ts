import { beforeEach, describe, expect, it } from 'vitest';
import type { LoggedMessage } from '../protocol/message';
import { ann, createChatWorld, logged } from '../testing/chatWorld';

let world: ReturnType<typeof createChatWorld>;
beforeEach(() => {
  world = createChatWorld();
});

const found = (text: string, messages: LoggedMessage[], more = false) =>
  world.serverSends({ t: 'found', room: 'lobby', epoch: 'e1', text, messages, more });
const search = (text: string) => world.session.actions.search(text);
const bodies = () => world.shown.search?.found.map(({ body }) => body);

describe('a search while there is a line', () => {
  it('is of the whole room: the server is asked, and answers', () => {
    world.connect(logged(9));
    search('  number ');
    expect(world.shown.search).toMatchObject({ text: 'number', status: 'searching', found: [] });
    expect(world.sentOf('search')).toEqual([{ t: 'search', room: 'lobby', text: 'number' }]);
    found('number', [logged(9), logged(2)]);
    expect(world.shown.search).toMatchObject({ status: 'done', scope: 'room', hasMore: false });
    expect(bodies()).toEqual(['number 9', 'number 2']);
  });

  it('shows what is loaded as it is in the room', () => {
    world.connect(logged(9, ann));
    world.session.actions.react(9, '👍', true);
    search('number');
    found('number', [logged(9, ann)]);
    expect(world.shown.search?.found[0]).toBe(world.shown.messages[0]);
  });

  it('goes on page by page, from the oldest that was found', () => {
    world.connect();
    search('number');
    found('number', [logged(9), logged(7)], true);
    world.session.actions.searchMore();
    expect(world.shown.search).toMatchObject({ status: 'searching', hasMore: true });
    world.session.actions.searchMore();
    expect(world.sentOf('search').slice(1)).toEqual([
      { t: 'search', room: 'lobby', text: 'number', before: 7 },
    ]);
    found('number', [logged(3)]);
    world.session.actions.searchMore();
    expect(bodies()).toEqual(['number 9', 'number 7', 'number 3']);
    expect(world.sentOf('search')).toHaveLength(2);
  });

  it('shows no answer to an earlier one', () => {
    world.connect();
    search('num');
    search('other');
    found('num', [logged(1)]);
    expect(world.shown.search).toMatchObject({ text: 'other', status: 'searching', found: [] });
    search('num');
    found('other', [logged(2)]);
    found('num', [logged(3)]);
    expect(bodies()).toEqual(['number 3']);
  });

  it('ends with an empty text', () => {
    world.connect();
    search('number');
    search(' ');
    found('number', [logged(1)]);
    expect(world.shown.search).toBeUndefined();
  });

  it('for punctuation alone finds nothing, and asks nobody', () => {
    world.connect();
    search('!?');
    expect(world.shown.search).toMatchObject({ status: 'done', found: [] });
    expect(world.sentOf('search')).toEqual([]);
  });

  it('asks for no more than a search may hold, and for no half characters', () => {
    world.connect();
    search('😀'.repeat(300));
    expect(world.sentOf('search')).toMatchObject([{ text: '😀'.repeat(200) }]);
  });

  it('fails with the line, keeps what was found, and goes on from there', () => {
    world.connect();
    search('number');
    found('number', [logged(9)], true);
    world.session.actions.searchMore();
    world.network.latest.end();
    expect(world.shown.search).toMatchObject({ status: 'failed', found: [{ body: 'number 9' }] });
    world.session.actions.searchMore();
    expect(world.shown.search?.status).toBe('failed');
    world.time.advance(0);
    world.sayHello();
    world.sayReady();
    world.session.actions.searchMore();
    expect(world.sentOf('search')).toMatchObject([{ before: 9 }]);
  });
});

describe('a search that the server cannot answer', () => {
  it('fails, and may be asked for again', () => {
    world.connect();
    search('first');
    search('number');
    const away = { t: 'err', room: 'lobby', code: 'unavailable', retry: true } as const;
    world.serverSends({ ...away, message: 'the index is away' });
    expect(world.shown.search?.status).toBe('searching');
    world.serverSends({ ...away, message: 'the index is away' });
    expect(world.shown.search).toMatchObject({ text: 'number', status: 'failed' });
    world.session.actions.searchMore();
    found('number', [logged(3)]);
    expect(bodies()).toEqual(['number 3']);
  });
});

describe('a search without a line', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ ...logged(index + 1), body: `第${index}号` }));

  it('is of what is loaded, the newest first, and says so', () => {
    world.connect(
      { ...logged(1), body: '我们去吃饭' },
      { ...logged(2), body: 'Café' },
      { ...logged(3), body: '', deleted: 5 },
      { ...logged(4), body: '吃饭了吗' },
    );
    world.network.latest.end();
    search('吃饭');
    expect(world.shown.search).toMatchObject({ status: 'done', scope: 'loaded', hasMore: false });
    expect(bodies()).toEqual(['吃饭了吗', '我们去吃饭']);
    search('cafe');
    expect(bodies()).toEqual(['Café']);
  });

  it('goes on page by page too', () => {
    world.connect(...many(120));
    world.network.latest.end();
    search('号');
    expect(bodies()).toHaveLength(50);
    expect(world.shown.search?.hasMore).toBe(true);
    world.session.actions.searchMore();
    world.session.actions.searchMore();
    expect(bodies()).toEqual(
      many(120)
        .reverse()
        .map(({ body }) => body),
    );
    expect(world.shown.search?.hasMore).toBe(false);
  });
});
