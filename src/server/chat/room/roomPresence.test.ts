import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../../../protocol/limits';
import type { User } from '../../../protocol/user';
import { createManualTime } from '../../../testing/manualTime';
import { RoomPresence } from './roomPresence';

const graceMs = 10_000;
const userOf = (n: number): User => ({ id: `u${n}`, name: `Name ${n}` });

/** A room, and what somebody knows of it who joined at some moment and has heard all since. */
function createWorld() {
  const time = createManualTime();
  const presence = new RoomPresence();
  const readers: Map<string, User>[] = [];
  return {
    time,
    presence,
    readers,
    depart: (userId: string, how: 'at once' | 'after a grace') =>
      presence.depart(
        userId,
        how === 'at once' ? undefined : (remove) => time.after(graceMs, remove),
      ),
    joinReader() {
      const { members = [] } = presence.snapshot();
      readers.push(new Map(members.map((user) => [user.id, user])));
    },
    tell() {
      if (!presence.hasNews) return;
      const { members, came = [], left = [] } = presence.takeNews();
      for (const reader of readers) {
        if (members) reader.clear();
        for (const user of [...(members ?? []), ...came]) reader.set(user.id, user);
        for (const id of left) reader.delete(id);
      }
    },
  };
}

describe('who is there', () => {
  it('is told by name, as it is and as it changes', () => {
    const { presence, depart } = createWorld();
    presence.arrive(userOf(1));
    presence.arrive(userOf(2));
    expect(presence.snapshot()).toEqual({ count: 2, members: [userOf(1), userOf(2)] });
    expect(presence.takeNews()).toEqual({ count: 2, came: [userOf(1), userOf(2)] });
    depart('u1', 'at once');
    expect(presence.takeNews()).toEqual({ count: 1, left: ['u1'] });
    expect(presence.hasNews).toBe(false);
  });

  it('does not change when a user comes back within the grace', () => {
    const { presence, depart, time } = createWorld();
    presence.arrive(userOf(1));
    presence.takeNews();
    depart('u1', 'after a grace');
    time.advance(graceMs - 1);
    presence.arrive(userOf(1));
    time.advance(graceMs);
    expect(presence.hasNews).toBe(false);
    expect(time.armed).toBe(0);
  });

  it('is in a crowd told by number, and by name again when it is none any more', () => {
    const { presence, depart } = createWorld();
    const most = limits.presenceMembers;
    for (let n = 1; n <= most + 1; n += 1) presence.arrive(userOf(n));
    expect(presence.takeNews()).toEqual({ count: most + 1 });
    expect(presence.snapshot().members).toHaveLength(most);
    depart('u1', 'at once');
    const { count, members } = presence.takeNews();
    expect([count, members?.length]).toEqual([most, most]);
  });

  it('is known to everyone who has heard all since they joined, whatever came and went when', () => {
    const event = fc.oneof(
      fc.record({ kind: fc.constant('arrive'), n: fc.nat(4), how: fc.constant('at once') }),
      fc.record({
        kind: fc.constant('depart'),
        n: fc.nat(4),
        how: fc.constantFrom('at once', 'after a grace'),
      }),
      fc.record({
        kind: fc.constantFrom('join', 'tell', 'wait'),
        n: fc.nat(12_000),
        how: fc.constant('at once'),
      }),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const world = createWorld();
        const connections = new Map<string, number>();
        for (const { kind, n, how } of events) {
          const { id } = userOf(n);
          const open = connections.get(id) ?? 0;
          if (kind === 'arrive') {
            world.presence.arrive(userOf(n));
            connections.set(id, open + 1);
          } else if (kind === 'depart' && open > 0) {
            world.depart(id, how === 'at once' ? 'at once' : 'after a grace');
            connections.set(id, open - 1);
          } else if (kind === 'join') world.joinReader();
          else if (kind === 'tell') world.tell();
          else if (kind === 'wait') world.time.advance(n);
        }
        world.time.advance(graceMs);
        world.tell();
        const there = [...connections].filter(([, open]) => open > 0).map(([id]) => id);
        for (const reader of world.readers) expect([...reader.keys()].sort()).toEqual(there.sort());
      }),
      { numRuns: 300 },
    );
  });
});
