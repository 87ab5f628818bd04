import { describe, expect, it } from 'vitest';
import type { LoggedMessage } from '../protocol/message';
import { ann, type ChatWorldOptions, createChatWorld, logged } from '../testing/chatWorld';
import { createMemoryPages } from '../testing/memoryPages';
import { createMemoryOutbox } from '../testing/outboxFakes';
import { settle } from '../testing/settle';
import { endOf, type KeptPage, keptLength, keptMessages } from './keptPages';

const visitedAt = 1_000;
const keptPage = (...messages: LoggedMessage[]): KeptPage => ({
  me: ann,
  epoch: 'e1',
  messages,
  at: visitedAt,
});
const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => logged(from + index));
const bodiesOf = (messages: readonly { body: string }[]) => messages.map(({ body }) => body);

/** A page that is opened where an earlier visit kept these. */
async function comeBack(messages: LoggedMessage[], options: ChatWorldOptions = {}) {
  const pages = createMemoryPages(new Map([['lobby', keptPage(...messages)]]));
  const world = createChatWorld({ pages: pages.storage, ...options });
  await settle();
  return { ...world, pages };
}

describe('a room that was read before', () => {
  it('can be read without a line, with one’s own messages known for one’s own', async () => {
    const { shown } = await comeBack([logged(1), logged(2, ann)]);
    expect(shown.messages.map(({ body, mine }) => [body, mine])).toEqual([
      ['number 1', false],
      ['number 2', true],
    ]);
    expect(shown).toMatchObject({ asOf: visitedAt, isLoaded: false, hasOlder: false, me: ann });
  });

  it('takes what is written meanwhile, and sends it when the line is there', async () => {
    const { session, bodies, connect, sentOf } = await comeBack([logged(1)]);
    session.actions.send('while away');
    await settle();
    expect(bodies()).toEqual(['number 1 (sent)', 'while away (queued)']);
    connect(logged(1));
    await settle();
    expect(sentOf('send')).toMatchObject([{ body: 'while away' }]);
  });

  it('is asked for whole all the same, and is then as the server says', async () => {
    const { connect, sentOf, shown } = await comeBack([logged(1), logged(2)]);
    connect(logged(1), logged(2), logged(3));
    expect(sentOf('auth')).toMatchObject([{ resume: [] }]);
    expect(sentOf('join')).toHaveLength(1);
    expect(bodiesOf(shown.messages)).toEqual(['number 1', 'number 2', 'number 3']);
    expect(shown).toMatchObject({ asOf: undefined, isLoaded: true, notices: [] });
  });

  it('keeps what lies before the server’s first page, where that joins on', async () => {
    const { connect, shown } = await comeBack(range(3, 8));
    connect(...range(6, 10));
    expect(shown.messages.map(({ seq }) => seq)).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
    expect(shown.hasOlder).toBe(true);
  });

  it.each([
    ['too much was said since', range(9, 12)],
    ['the log is another one', [{ ...logged(7), mid: 'other' }, logged(8)]],
  ])('is the server’s alone where %s', async (_, page) => {
    const { connect, shown } = await comeBack(range(3, 7));
    connect(...page);
    expect(shown.messages.map(({ seq }) => seq)).toEqual(page.map(({ seq }) => seq));
  });

  it('shows what was deleted since as deleted', async () => {
    const { connect, shown } = await comeBack([logged(1), logged(2)]);
    const deletion = { ...logged(3), body: '', about: { kind: 'delete', seq: 1 } as const };
    connect(logged(2), deletion);
    expect(shown.messages[0]).toMatchObject({ body: '', deleted: 3 });
  });

  it('is not put in the place of what the server has sent already', async () => {
    let answer = (_: KeptPage) => {};
    const { storage } = createMemoryPages();
    const slow = {
      ...storage,
      load: () =>
        new Promise<KeptPage>((resolve) => {
          answer = resolve;
        }),
    };
    const { connect, shown } = createChatWorld({ pages: slow });
    connect(logged(5));
    answer(keptPage(logged(1)));
    await settle();
    expect(bodiesOf(shown.messages)).toEqual(['number 5']);
  });

  it('is shown of another room, too, when that is opened', async () => {
    const { session, shown, pages } = await comeBack([logged(1)]);
    pages.rows.set('tea', keptPage({ ...logged(4), body: 'tea is ready' }));
    session.actions.openRoom('tea', undefined);
    await settle();
    expect(bodiesOf(shown.messages)).toEqual(['tea is ready']);
  });
});

describe('what is kept of a room', () => {
  it('is what was read, a little later, and at once when the page goes', async () => {
    const { connect, serverSends, time, pages, stop } = await comeBack([]);
    connect(logged(1));
    expect(pages.rows.get('lobby')?.messages).toEqual([]);
    await time.advance(2_000);
    expect(pages.rows.get('lobby')).toMatchObject({ me: ann, epoch: 'e1', messages: [{ seq: 1 }] });
    serverSends({ t: 'msg', room: 'lobby', epoch: 'e1', ...logged(2) });
    stop();
    expect(pages.rows.get('lobby')?.messages).toHaveLength(2);
  });

  it('goes with the sign-out, and with the room', async () => {
    const { connect, session, time, pages } = await comeBack([logged(1)]);
    pages.rows.set('tea', keptPage(logged(4)));
    session.actions.forgetRoom('tea');
    expect(pages.rows.has('tea')).toBe(false);
    connect(logged(1));
    await session.actions.signOut();
    await time.advance(10_000);
    expect(pages.rows.size).toBe(0);
  });

  it('goes with the sign-out on another page, and does not come back from here', async () => {
    const others = createMemoryOutbox().openPage;
    const { connect, time, pages, stop } = await comeBack([logged(1)], { share: others('here') });
    connect(logged(1), logged(2));
    pages.rows.clear();
    others('there').tell({ kind: 'signed out' });
    stop();
    await time.advance(10_000);
    expect(pages.rows.size).toBe(0);
  });

  it('is nothing where the browser gives no storage, and the chat goes on', async () => {
    const fail = () => Promise.reject(new Error('no storage'));
    const pages = { load: fail, save: fail, remove: fail, clear: fail };
    const { connect, shown, time, session } = createChatWorld({ pages });
    connect(logged(1));
    await time.advance(2_000);
    session.actions.forgetRoom('tea');
    expect(bodiesOf(shown.messages)).toEqual(['number 1']);
  });

  it('is bounded, by messages and by text', () => {
    const many = range(1, keptMessages + 50);
    expect(endOf(many).map(({ seq }) => seq)).toEqual(many.slice(50).map(({ seq }) => seq));
    const long = range(1, 10).map((each) => ({ ...each, body: 'x'.repeat(keptLength / 4) }));
    expect(endOf(long)).toHaveLength(4);
  });

  it('has no text of what was deleted, nor of its edits', () => {
    const about = (kind: 'edit' | 'delete' | 'react', seq: number) => ({ about: { kind, seq } });
    const kept = endOf([
      { ...logged(1), body: 'a secret' },
      { ...logged(2), body: 'another secret', ...about('edit', 1) },
      { ...logged(3), body: '👍', ...about('react', 1) },
      { ...logged(4), body: 'no secret' },
      { ...logged(5), body: '', ...about('delete', 1) },
      // Only its author deletes a message.
      { ...logged(6, ann), body: '', ...about('delete', 4) },
    ]);
    expect(bodiesOf(kept)).toEqual(['', '', '👍', 'no secret', '', '']);
  });
});
