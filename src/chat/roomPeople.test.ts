import { describe, expect, it } from 'vitest';
import type { User } from '../protocol/user';
import { createManualTime } from '../testing/manualTime';
import { createRoomPeople } from './roomPeople';

const [ann, bob] = [
  { id: 'u1', name: 'Ann' },
  { id: 'u2', name: 'Bob' },
];

function createWorld() {
  const time = createManualTime();
  const told = { members: [] as readonly User[], count: 0, writing: [] as readonly User[] };
  const people = createRoomPeople({
    time,
    onMembers: (members, count) => Object.assign(told, { members, count }),
    onWriting: (writing) => Object.assign(told, { writing }),
  });
  const presence = (fields: object) => people.presence({ t: 'presence', room: 'tea', ...fields });
  const typing = (user: User) => people.typing({ t: 'typing', room: 'tea', user });
  return { time, told, people, presence, typing };
}

describe('who is in the room', () => {
  it('is known on joining, and follows who comes and leaves', () => {
    const { told, presence } = createWorld();
    presence({ count: 1, members: [ann] });
    presence({ count: 2, came: [bob] });
    expect(told).toMatchObject({ members: [ann, bob], count: 2 });
    presence({ count: 1, left: ['u1'] });
    expect(told).toMatchObject({ members: [bob], count: 1 });
  });

  it('is counted where not all are named, and where a server does not count', () => {
    const { told, presence } = createWorld();
    presence({ count: 5_000, members: [ann] });
    expect(told).toMatchObject({ members: [ann], count: 5_000 });
    presence({ members: [ann, bob] });
    expect(told.count).toBe(2);
  });
});

describe('who is writing', () => {
  it('is told until they were not for 5 s', () => {
    const { time, told, typing } = createWorld();
    typing(ann);
    time.advance(3_000);
    typing(ann);
    typing(bob);
    time.advance(4_999);
    expect(told.writing).toEqual([ann, bob]);
    time.advance(1);
    expect(told.writing).toEqual([]);
    expect(time.armed).toBe(0);
  });

  it('stops with their message, their leaving and the line', () => {
    const { time, told, people, presence, typing } = createWorld();
    typing(ann);
    typing(bob);
    people.said('u1');
    expect(told.writing).toEqual([bob]);
    presence({ count: 0, left: ['u2'] });
    expect(told.writing).toEqual([]);
    typing(ann);
    people.lineLost();
    expect(told.writing).toEqual([]);
    expect(time.armed).toBe(0);
  });
});
