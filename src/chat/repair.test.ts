import { describe, expect, it } from 'vitest';
import type { About } from '../protocol/about';
import type { LoggedMessage } from '../protocol/message';
import type { Draft, OutboxEntry } from './outboxEntry';
import { createRepair } from './repair';
import { emptyTimeline, startFrom } from './timeline';

const logged = (seq: number, id = `c${seq}`): LoggedMessage => ({
  seq,
  mid: `m${seq}`,
  id,
  from: { id: 'u1', name: 'Ann' },
  body: `number ${seq}`,
  at: seq,
});
const entry = (
  id: string,
  seq?: number,
  room = 'lobby',
  fields: Partial<OutboxEntry> = {},
): OutboxEntry => ({
  id,
  room,
  body: id,
  at: 1,
  state: seq === undefined ? 'sending' : 'sent',
  hasLeft: true,
  failure: undefined,
  seq,
  page: 'this',
  ...fields,
});
/** What `id` did to the message that the log called `m<target>`. */
const change = (id: string, seq: number, kind: About['kind'], target: number, body = '') =>
  entry(id, seq, 'lobby', { about: { kind, seq: target, mid: `m${target}` }, body });

function setUp(messages: LoggedMessage[], entries: OutboxEntry[]) {
  const takenBack: string[] = [];
  const drafts: Draft[] = [];
  const takeBack = (draft: Draft) => {
    takenBack.push(draft.id);
    drafts.push(draft);
  };
  let timeline = startFrom(emptyTimeline, { epoch: 'e1', messages });
  const repair = createRepair({
    room: 'lobby',
    outbox: { entries: () => entries, takeBack },
    timeline: () => timeline,
    authorId: () => 'u1',
  });
  const replace = (next: LoggedMessage[]) => {
    timeline = startFrom(emptyTimeline, { epoch: 'e2', messages: next });
    repair.replaced();
  };
  return { repair, takenBack, drafts, replace };
}

describe('an acked message', () => {
  it('is in the timeline at the place that its ack named, or before its beginning', () => {
    const { repair } = setUp([logged(5), logged(6)], []);
    expect(repair.isInTimeline(entry('c6', 6))).toBe(true);
    expect(repair.isInTimeline(entry('old', 2))).toBe(true);
    expect(repair.isInTimeline(entry('other', 6))).toBe(false);
    expect(repair.isInTimeline(entry('c7', 7))).toBe(false);
    expect(repair.isInTimeline(entry('c6'))).toBe(false);
  });

  it('is taken back when the room ends before its place, or has another one there', () => {
    const entries = [entry('c1', 1), entry('gone', 2), entry('beyond', 9), entry('unacked')];
    const { repair, takenBack } = setUp([logged(1), logged(2)], entries);
    repair.readUpTo(2);
    expect(takenBack).toEqual(['gone', 'beyond']);
  });

  it('is not taken for another person’s who has used the same id', () => {
    const bob = { id: 'u2', name: 'Bob' };
    const { repair, takenBack, replace } = setUp([logged(1), logged(2)], [entry('c2', 2)]);
    repair.acked('c2', 'm2');
    replace([logged(1), { ...logged(2), from: bob }]);
    expect(repair.isInTimeline(entry('c2', 2))).toBe(false);
    expect(takenBack).toEqual(['c2']);
  });

  it('of another room is none of this one’s business', () => {
    const { repair, takenBack } = setUp([logged(1)], [entry('x', 7, 'kitchen')]);
    repair.readUpTo(1);
    expect(takenBack).toEqual([]);
  });

  it('is taken back when the log was replaced by one that lacks it, long after its ack', () => {
    const entries = [entry('c1', 1), entry('c2', 2)];
    const { repair, takenBack, replace } = setUp([logged(1), logged(2)], entries);
    repair.acked('c1', 'm1');
    repair.acked('c2', 'm2');
    entries.length = 0;
    replace([logged(1)]);
    expect(takenBack).toEqual(['c2']);
  });

  it('is remembered as one of the last thousand', () => {
    const entries = Array.from({ length: 1_001 }, (_, index) => entry(`c${index}`, index + 1));
    const { repair, takenBack, replace } = setUp([], entries);
    for (const { id } of entries) repair.acked(id, `m of ${id}`);
    replace([]);
    expect(takenBack).toHaveLength(1_000);
    expect(takenBack[0]).toBe('c1');
  });
});

describe('what was changed about a message', () => {
  it('is said again by itself, if its message is still there', () => {
    const { repair, drafts } = setUp([logged(1), logged(2)], [change('x', 3, 'edit', 1, 'better')]);
    repair.readUpTo(2);
    expect(drafts).toMatchObject([{ id: 'x', body: 'better', about: { kind: 'edit', mid: 'm1' } }]);
  });

  it('comes back with its message, in it, if both are lost', () => {
    const entries = [
      entry('c1', 1),
      change('x', 2, 'edit', 1, 'better'),
      change('y', 3, 'react', 1, '👍'),
      entry('c4', 4),
      change('z', 5, 'delete', 4),
    ];
    const { repair, drafts, replace } = setUp([], entries);
    for (const { id, seq } of entries) repair.acked(id, `m${seq}`);
    replace([{ ...logged(1, 'other'), mid: 'another' }]);
    expect(drafts).toMatchObject([{ id: 'c1', body: 'better' }]);
    expect(drafts[0]?.about).toBeUndefined();
  });

  it('is dropped if another message stands at its place now', () => {
    const entries = [change('x', 2, 'react', 1, '👍')];
    const { repair, takenBack, replace } = setUp([], entries);
    repair.acked('x', 'm2');
    replace([{ ...logged(1, 'other'), mid: 'another' }]);
    expect(takenBack).toEqual([]);
  });
});

describe('a reply that the log has lost', () => {
  const reply = () => [change('x', 2, 'reply', 1, 'yes')];

  it('comes back as a reply to what is still there', () => {
    const { repair, drafts } = setUp([logged(1)], reply());
    repair.readUpTo(1);
    expect(drafts).toMatchObject([{ body: 'yes', about: { kind: 'reply', seq: 1 } }]);
  });

  it('comes back as a message by itself if what it answered is lost too', () => {
    const { repair, drafts, replace } = setUp([logged(1)], reply());
    repair.acked('x', 'm2');
    replace([{ ...logged(1, 'other'), mid: 'another' }]);
    expect(drafts).toMatchObject([{ body: 'yes' }]);
    expect(drafts[0]?.about).toBeUndefined();
  });
});
