import { describe, expect, it } from 'vitest';
import type { LoggedMessage } from '../protocol/frames';
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
