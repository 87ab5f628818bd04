/** What is promised of several gateways of one chat, as tests that every way to connect them passes. */
import { describe, expect, it, vi } from 'vitest';
import type { User } from '../../../protocol/user';
import type { Cluster, RoomLink, RoomListener } from './cluster';

export interface ClusterWorld {
  /** As many as were asked for, each knowing the others. */
  readonly gateways: readonly Cluster[];
  /** Appends messages with these texts to the log of a room, which all of them share. */
  append(room: string, ...bodies: string[]): Promise<void>;
}

const ann: User = { id: 'u1', name: 'Ann', tag: 'x1' };
const bob: User = { id: 'u2', name: 'Bob' };
const cas: User = { id: 'u3', name: 'Cas' };

/** What has to come is waited for, however slow the machine. */
const come = (check: () => void | Promise<void>) =>
  vi.waitFor(check, { timeout: 15_000, interval: 5 });

/** What one gateway hears of a room. */
export interface Ear extends RoomListener {
  readonly link: RoomLink;
  /** The texts of what was appended, in the order in which it was heard. */
  readonly messages: string[];
  /** Typing, reads and what is written, in order. */
  readonly news: string[];
  /** Who is there at other gateways, by their ids, each once. */
  there(): string[];
  calls: number;
  /** How often it was asked for what is written here. */
  asked: number;
  /** How often something may have been missed. */
  missed: number;
}

export function listen(cluster: Cluster, room: string): Ear {
  const presences = new Map<string, Set<string>>();
  const messages: string[] = [];
  const news: string[] = [];
  const counted =
    <Args extends unknown[]>(tell: (...args: Args) => void) =>
    (...args: Args) => {
      ear.calls += 1;
      tell(...args);
    };
  const listener: RoomListener = {
    appended: counted((_, appended) => void messages.push(...appended.map(({ body }) => body))),
    mayHaveMissed: counted(() => {
      ear.missed += 1;
    }),
    arrived: counted((gateway, { id }) => {
      presences.set(gateway, (presences.get(gateway) ?? new Set()).add(id));
    }),
    left: counted((gateway, id) => presences.get(gateway)?.delete(id)),
    gatewayGone: counted((gateway) => presences.delete(gateway)),
    typing: counted(({ name }) => news.push(`${name} is typing`)),
    read: counted(({ name }, epoch, seq) => news.push(`${name} has read ${epoch} ${seq}`)),
    written: counted((_, { user, id, at, text, about, cut }) => {
      const of = about ? ` about ${about.kind} ${about.seq} ${about.mid}` : '';
      news.push(`${user.name} writes ${id} ${at} "${text}"${of}${cut ? ' cut' : ''}`);
    }),
    askedWritten: counted(() => {
      ear.asked += 1;
    }),
  };
  const link = cluster.enter(room, listener);
  const ear: Ear = {
    ...{ ...listener, link, messages, news, calls: 0, asked: 0, missed: 0 },
    there: () => [...new Set([...presences.values()].flatMap((ids) => [...ids]))].sort(),
  };
  return ear;
}

/** `open` gives so many gateways of one cluster, which end with the test. */
export function describeClusterContract(
  name: string,
  open: (count: number) => Promise<ClusterWorld>,
): void {
  /** Gateways that all listen to the room. */
  async function inRoom(count: number, room = 'lobby') {
    const world = await open(count);
    const ears = world.gateways.map((gateway) => listen(gateway, room));
    await Promise.all(ears.map(({ link }) => link.ready()));
    const [first, second, third] = ears;
    if (!first || !second) throw new Error('there are two gateways at least');
    return { ...world, ears, first, second, third: third ?? second };
  }

  describe(`${name}: what is appended to a room`, () => {
    it('is heard at every gateway that has entered it, in order', async () => {
      const { append, ears } = await inRoom(3);
      await append('lobby', 'one', 'two');
      await append('lobby', 'three');
      const all = ['one', 'two', 'three'];
      await come(() => expect(ears.map(({ messages }) => messages)).toEqual([all, all, all]));
    });

    it('is heard there only, and until it is left', async () => {
      const { append, gateways, first, second } = await inRoom(2);
      const [gateway] = gateways;
      if (!gateway) throw new Error('there is none');
      const garden = listen(gateway, 'garden');
      await garden.link.ready();
      first.link.leave();
      const { calls } = first;
      await append('lobby', 'in the lobby');
      await append('garden', 'in the garden');
      await come(() => expect(second.messages).toEqual(['in the lobby']));
      await come(() => expect(garden.messages).toEqual(['in the garden']));
      expect([first.messages, first.calls]).toEqual([[], calls]);
    });

    it('is heard again once the room is entered again', async () => {
      const { append, gateways, first, second } = await inRoom(2);
      const [gateway] = gateways;
      if (!gateway) throw new Error('there is none');
      first.link.leave();
      const again = listen(gateway, 'lobby');
      await again.link.ready();
      await append('lobby', 'again');
      await come(() => expect(again.messages).toEqual(['again']));
      await come(() => expect(second.messages).toEqual(['again']));
      expect(first.messages).toEqual([]);
    });
  });

  describe(`${name}: who is in a room`, () => {
    it('is known at the other gateways, as long as they are there', async () => {
      const { first, second, third } = await inRoom(3);
      first.link.arrived(ann);
      second.link.arrived(bob);
      await come(() => expect(third.there()).toEqual(['u1', 'u2']));
      await come(() => expect(first.there()).toEqual(['u2']));
      await come(() => expect(second.there()).toEqual(['u1']));
      first.link.left('u1');
      await come(() => expect([second.there(), third.there()]).toEqual([[], ['u2']]));
    });

    it('is there until gone from the last gateway', async () => {
      const { first, second, third } = await inRoom(3);
      first.link.arrived(ann);
      second.link.arrived(ann);
      third.link.arrived(cas);
      await come(() => expect(first.there()).toEqual(['u1', 'u3']));
      await come(() => expect(third.there()).toEqual(['u1']));
      second.link.left('u1');
      await come(() => expect(first.there()).toEqual(['u3']));
      expect(third.there()).toEqual(['u1']);
      first.link.left('u1');
      await come(() => expect(third.there()).toEqual([]));
    });

    it('is told to a gateway that enters later', async () => {
      const { gateways } = await open(3);
      const [one, two, three] = gateways;
      if (!one || !two || !three) throw new Error('there are three');
      const [first, second] = [listen(one, 'lobby'), listen(two, 'lobby')];
      first.link.arrived(ann);
      first.link.arrived(bob);
      await come(() => expect(second.there()).toEqual(['u1', 'u2']));
      first.link.left('u2');
      second.link.arrived(cas);
      await come(() => expect(second.there()).toEqual(['u1']));
      const third = listen(three, 'lobby');
      await come(() => expect(third.there()).toEqual(['u1', 'u3']));
    });

    it('is told no further to one that leaves while it is told', async () => {
      const { gateways, first, second } = await inRoom(2);
      const [, gateway] = gateways;
      if (!gateway) throw new Error('there is none');
      first.link.arrived(ann);
      first.link.arrived(bob);
      await come(() => expect(second.there()).toEqual(['u1', 'u2']));
      second.link.leave();
      const arrived: string[] = [];
      const link = gateway.enter('lobby', {
        ...second,
        arrived(_, { id }) {
          arrived.push(id);
          link.leave();
        },
      });
      await come(() => expect(arrived).not.toEqual([]));
      const again = listen(gateway, 'lobby');
      await come(() => expect(again.there()).toEqual(['u1', 'u2']));
      expect(arrived).toHaveLength(1);
    });

    it('is nobody by a gateway that has left it, and everybody by one that has come back', async () => {
      const { gateways, first, second } = await inRoom(2);
      const [gateway] = gateways;
      if (!gateway) throw new Error('there is none');
      first.link.arrived(ann);
      first.link.arrived(bob);
      second.link.arrived(cas);
      await come(() => expect(second.there()).toEqual(['u1', 'u2']));
      first.link.leave();
      await come(() => expect(second.there()).toEqual([]));
      const again = listen(gateway, 'lobby');
      again.link.arrived(bob);
      await come(() => expect(again.there()).toEqual(['u3']));
      await come(() => expect(second.there()).toEqual(['u2']));
    });

    it('is how it ended where somebody comes and goes fast', async () => {
      const { first, second } = await inRoom(2);
      for (let turn = 0; turn < 50; turn += 1) {
        first.link.arrived(ann);
        first.link.left('u1');
        first.link.left('u2');
        first.link.arrived(bob);
      }
      first.link.arrived(cas);
      await come(() => expect(second.there()).toEqual(['u2', 'u3']));
    });

    it('is known for each room apart', async () => {
      const { gateways, first, second } = await inRoom(2);
      const gardens = gateways.map((gateway) => listen(gateway, 'garden'));
      gardens[0]?.link.arrived(bob);
      first.link.arrived(ann);
      await come(() => expect(gardens[1]?.there()).toEqual(['u2']));
      await come(() => expect(second.there()).toEqual(['u1']));
    });
  });

  describe(`${name}: what somebody does in a room`, () => {
    it('is told to the other gateways, and not to their own', async () => {
      const { first, second, third } = await inRoom(3);
      first.link.typing(ann);
      first.link.read(ann, 'e1', 7);
      await come(() => expect(second.news).toEqual(['Ann is typing', 'Ann has read e1 7']));
      second.link.typing(bob);
      // Had it been told to its own, that would have come before.
      await come(() => expect(first.news).toEqual(['Bob is typing']));
      await come(() =>
        expect(third.news).toEqual(['Ann is typing', 'Ann has read e1 7', 'Bob is typing']),
      );
    });
  });

  describe(`${name}: what is written in a room before all eyes`, () => {
    const piece = { user: ann, id: 'a', at: 0, text: 'one ' };

    it('is told to the other gateways, in order, and not to its own', async () => {
      const { first, second, third } = await inRoom(3);
      first.link.written(piece);
      const about = { kind: 'reply', seq: 3, mid: 'm3' } as const;
      first.link.written({ ...piece, at: 4, text: '“zwei”', about });
      first.link.written({ ...piece, at: 10, text: '', cut: true });
      const all = [
        'Ann writes a 0 "one "',
        'Ann writes a 4 "“zwei”" about reply 3 m3',
        'Ann writes a 10 "" cut',
      ];
      await come(() => expect([second.news, third.news]).toEqual([all, all]));
      second.link.typing(bob);
      // Had it been told to its own, that would have come before.
      await come(() => expect(first.news).toEqual(['Bob is typing']));
    });

    it('is asked for by a gateway that comes later, and when one wants to', async () => {
      const { gateways } = await open(2);
      const [one, two] = gateways;
      if (!one || !two) throw new Error('there are two');
      const first = listen(one, 'lobby');
      await first.link.ready();
      const second = listen(two, 'lobby');
      await second.link.ready();
      await come(() => expect(first.asked).toBeGreaterThan(0));
      const { asked } = second;
      first.link.askWritten();
      await come(() => expect(second.asked).toBeGreaterThan(asked));
    });
  });

  describe(`${name}: a user who signs out`, () => {
    it('has signed out at all other gateways', async () => {
      const { gateways } = await open(3);
      const heard = gateways.map((gateway) => {
        const users: string[] = [];
        gateway.onSignedOut((userId) => users.push(userId));
        return users;
      });
      gateways[0]?.signedOut('u1');
      await come(() => expect([heard[1], heard[2]]).toEqual([['u1'], ['u1']]));
      gateways[1]?.signedOut('u2');
      await come(() => expect(heard).toEqual([['u2'], ['u1'], ['u1', 'u2']]));
    });
  });

  describe(`${name}: a user with a line at a gateway`, () => {
    it('is elsewhere for the others, until the line has ended', async () => {
      const { gateways } = await open(2);
      const [one, two] = gateways;
      if (!one || !two) throw new Error('there are two');
      expect(await two.lines.isElsewhere('u1')).toBe(false);
      one.lines.came('u1');
      await come(async () => expect(await two.lines.isElsewhere('u1')).toBe(true));
      expect(await one.lines.isElsewhere('u1')).toBe(false);
      expect(await two.lines.isElsewhere('u2')).toBe(false);
      two.lines.came('u1');
      await come(async () => expect(await one.lines.isElsewhere('u1')).toBe(true));
      one.lines.left('u1');
      await come(async () => expect(await two.lines.isElsewhere('u1')).toBe(false));
      expect(await one.lines.isElsewhere('u1')).toBe(true);
    });
  });
}
