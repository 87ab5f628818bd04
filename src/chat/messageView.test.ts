import { describe, expect, it } from 'vitest';
import type { LoggedMessage } from '../protocol/message';
import type { LiveMessage } from './liveRows';
import { createMessageView } from './messageView';
import type { OutboxEntry } from './outboxEntry';

const ann = { id: 'u1', name: 'Ann' };
const bob = { id: 'u2', name: 'Bob' };
const logged = (seq: number, from = bob): LoggedMessage => ({
  seq,
  mid: `m${seq}`,
  id: `c${seq}`,
  from,
  body: `number ${seq}`,
  at: seq,
});
const unsent = (id: string, fields: Partial<OutboxEntry> = {}): OutboxEntry => ({
  id,
  room: 'lobby',
  body: 'mine',
  at: 1,
  state: 'queued',
  hasLeft: false,
  failure: undefined,
  seq: undefined,
  page: 'this',
  ...fields,
});

const live = (id: string, fields: Partial<LiveMessage> = {}): LiveMessage => ({
  id,
  author: bob,
  about: undefined,
  body: 'as far as',
  at: 5,
  live: 'writing',
  ...fields,
});

describe('the list that people see', () => {
  it('has what the log has, then what is one’s own alone', () => {
    const list = createMessageView('lobby').compose(
      [logged(1), logged(2, ann)],
      [unsent('x')],
      ann,
    );
    expect(list.map(({ id, mine, state }) => [id, mine, state])).toEqual([
      ['c1', false, 'sent'],
      ['c2', true, 'sent'],
      ['x', true, 'queued'],
    ]);
  });

  it('shows a message once, though the outbox still has it too', () => {
    const list = createMessageView('lobby').compose([logged(1, ann)], [unsent('c1')], ann);
    expect(list).toMatchObject([{ id: 'c1', state: 'sent' }]);
  });

  it('does not take another’s message for one’s own because the ids are the same', () => {
    const list = createMessageView('lobby').compose([logged(1, bob)], [unsent('c1')], ann);
    expect(list).toHaveLength(2);
  });

  it('leaves out what was written in another room', () => {
    const list = createMessageView('lobby').compose([], [unsent('x', { room: 'kitchen' })], ann);
    expect(list).toEqual([]);
  });

  it('knows one’s own messages again once it is known who one is', () => {
    const view = createMessageView('lobby');
    const message = logged(1, ann);
    expect(view.compose([message], [], { id: '', name: 'Ann' })[0]?.mine).toBe(false);
    expect(view.compose([message], [], ann)[0]?.mine).toBe(true);
  });

  it('leaves a message the same object until it changes', () => {
    const view = createMessageView('lobby');
    const first = logged(1);
    const waiting = unsent('x');
    const before = view.compose([first], [waiting], ann);
    const after = view.compose([first, logged(2)], [waiting, unsent('y')], ann);
    expect(after[0]).toBe(before[0]);
    expect(after[2]).toBe(before[1]);
  });
});

describe('a message that is being written', () => {
  it('stands behind what is logged and before one’s own, and is not taken for kept', () => {
    const view = createMessageView('lobby');
    const list = view.compose([logged(1)], [unsent('x')], ann, [live('s', { author: ann })]);
    expect(list.map(({ id }) => id)).toEqual(['c1', 's', 'x']);
    expect(list[1]).toMatchObject({
      seq: undefined,
      state: 'sending',
      live: 'writing',
      mine: true,
    });
  });

  it('changes alone when it grows', () => {
    const view = createMessageView('lobby');
    const message = logged(1);
    const waiting = unsent('x');
    const still = live('still');
    const before = view.compose([message], [waiting], ann, [live('s'), still]);
    const after = view.compose([message], [waiting], ann, [
      live('s', { body: 'as far as it goes' }),
      still,
    ]);
    expect(after[1]).toMatchObject({ body: 'as far as it goes' });
    expect([after[0], after[2], after[3]]).toEqual([before[0], before[2], before[3]]);
    for (const index of [0, 2, 3]) expect(after[index]).toBe(before[index]);
    expect(
      view.compose([message], [waiting], ann, [live('s', { body: 'as far as it goes' }), still]),
    ).toBe(after);
  });

  it('is one’s own message once its end waits here, and another’s of the same id is not', () => {
    const own = live('s', { author: ann });
    const list = createMessageView('lobby').compose([], [unsent('s')], ann, [live('s'), own]);
    expect(list.map(({ author, body }) => [author.id, body])).toEqual([
      ['u2', 'as far as'],
      ['u1', 'mine'],
    ]);
  });

  it('shows what it answers', () => {
    const about = { kind: 'reply', seq: 1 } as const;
    const list = createMessageView('lobby').compose([logged(1)], [], ann, [live('s', { about })]);
    expect(list[1]?.replyTo).toMatchObject({ seq: 1, author: bob, body: 'number 1' });
  });
});
