import { describe, expect, it } from 'vitest';
import type { LoggedMessage } from '../protocol/frames';
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
const entry = (id: string, seq?: number, room = 'lobby'): OutboxEntry => ({
  id,
  room,
  body: id,
  at: 1,
  state: seq === undefined ? 'sending' : 'sent',
  hasLeft: true,
  failure: undefined,
  seq,
  page: 'this',
});

function setUp(messages: LoggedMessage[], entries: OutboxEntry[]) {
  const takenBack: string[] = [];
  let timeline = startFrom(emptyTimeline, { epoch: 'e1', messages });
  const repair = createRepair({
    room: 'lobby',
    outbox: { entries: () => entries, takeBack: ({ id }: Draft) => void takenBack.push(id) },
    timeline: () => timeline,
    authorId: () => 'u1',
  });
  const replace = (next: LoggedMessage[]) => {
    timeline = startFrom(emptyTimeline, { epoch: 'e2', messages: next });
    repair.replaced();
  };
  return { repair, takenBack, replace };
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
    repair.acked('c2');
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
    repair.acked('c1');
    repair.acked('c2');
    entries.length = 0;
    replace([logged(1)]);
    expect(takenBack).toEqual(['c2']);
  });

  it('is remembered as one of the last thousand', () => {
    const entries = Array.from({ length: 1_001 }, (_, index) => entry(`c${index}`, index + 1));
    const { repair, takenBack, replace } = setUp([], entries);
    for (const { id } of entries) repair.acked(id);
    replace([]);
    expect(takenBack).toHaveLength(1_000);
    expect(takenBack[0]).toBe('c1');
  });
});
