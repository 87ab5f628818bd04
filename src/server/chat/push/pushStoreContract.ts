/** What is promised of where push registrations are kept, as tests that every engine on a disk passes. */
import { describe, expect, it } from 'vitest';
import { limits } from '../../../protocol/limits';
import type { PushRegistration, PushStore } from './pushPorts';

const keys = { p256dh: 'p', auth: 'a' };

/** That a user wants to be pushed to in a room at an endpoint. */
export const registrationOf = (
  userId: string,
  room: string,
  endpoint: string,
): PushRegistration => ({ room, userId, subscription: { endpoint, keys } });
const of = registrationOf;

const named = ({ userId, room, subscription }: PushRegistration) =>
  `${userId} ${room} ${subscription.endpoint}`;

/** Rooms keep no order. */
const sorted = (registrations: readonly PushRegistration[]) => registrations.map(named).toSorted();

export interface PushStoreWorld {
  /** Opens what is kept, now or again, for who pushes with this public key. */
  open(publicKey?: string): PushStore;
  /** The same with at most so many registrations in all. */
  openBounded(maxRegistrations: number): PushStore;
}

/** `createWorld` gives a place where nothing is kept. */
export function describePushStoreContract(name: string, createWorld: () => PushStoreWorld): void {
  describe(`${name}: registrations`, () => {
    it('are found by room and by user, a user’s in their order, and not once removed', async () => {
      const store = createWorld().open();
      const [teaOfAnn, teaOfBob] = [of('ann', 'tea', 'e1'), of('bob', 'tea', 'e2')];
      for (const each of [teaOfAnn, teaOfBob, of('ann', 'cake', 'e1'), of('ann', 'tea', 'e3')]) {
        expect(await store.add(each)).toBe('kept');
      }
      expect(sorted(await store.inRoom('tea'))).toEqual(['ann tea e1', 'ann tea e3', 'bob tea e2']);
      const ofAnn = ['ann tea e1', 'ann cake e1', 'ann tea e3'];
      expect((await store.ofUser('ann')).map(named)).toEqual(ofAnn);
      await store.remove('ann', { room: 'tea', endpoint: 'e3' });
      await store.remove('ann', { room: 'cake' });
      expect(await store.ofUser('ann')).toEqual([teaOfAnn]);
      await store.remove('ann', { endpoint: 'e1' });
      await store.remove('nobody', {});
      expect(await store.inRoom('tea')).toEqual([teaOfBob]);
      expect(await store.inRoom('cake')).toEqual([]);
      await store.remove('bob', {});
      expect(await store.inRoom('tea')).toEqual([]);
      expect(await store.ofUser('bob')).toEqual([]);
    });

    it('are there once however often they are said, with the keys that were said last', async () => {
      const store = createWorld().open();
      await store.add(of('ann', 'tea', 'e1'));
      await store.add(of('ann', 'tea', 'e1'));
      const renewed = { endpoint: 'e1', keys: { p256dh: 'q "q"', auth: 'b' } };
      await store.add({ room: 'tea', userId: 'ann', subscription: renewed });
      const expected = [{ room: 'tea', userId: 'ann', subscription: renewed }];
      expect(await store.inRoom('tea')).toEqual(expected);
      expect(await store.ofUser('ann')).toEqual(expected);
    });

    it('are there after a crash, in their order, and what was removed is not', async () => {
      const { open } = createWorld();
      const store = open();
      await store.add(of('ann', 'tea', 'e1'));
      await store.add(of('bob', 'tea', 'e2'));
      await store.add(of('ann', 'cake', 'e1'));
      await store.remove('bob', { endpoint: 'e2' });
      // The first is not closed, as it would not be in a crash.
      const after = open();
      expect(await after.ofUser('ann')).toEqual([of('ann', 'tea', 'e1'), of('ann', 'cake', 'e1')]);
      expect(await after.inRoom('tea')).toEqual([of('ann', 'tea', 'e1')]);
    });

    it('have so many browsers, of which the one heard of longest ago gives way with all its rooms', async () => {
      const { open } = createWorld();
      const store = open();
      for (let index = 0; index < limits.pushEndpointsPerUser; index += 1) {
        await store.add(of('ann', 'tea', `e${index}`));
        await store.add(of('ann', 'cake', `e${index}`));
      }
      await store.add(of('bob', 'tea', 'e1'));
      // Heard of again.
      await store.add(of('ann', 'tea', 'e0'));
      await store.add(of('ann', 'tea', 'e0'));
      await store.add(of('ann', 'tea', 'new'));
      const endpoints = (await store.ofUser('ann')).map(
        ({ subscription }) => subscription.endpoint,
      );
      expect(endpoints).not.toContain('e1');
      expect(new Set(endpoints).size).toBe(limits.pushEndpointsPerUser);
      // It does not come back, and nobody else's is gone.
      expect(sorted(await open().inRoom('tea'))).toContain('bob tea e1');
      expect(sorted(await open().inRoom('tea'))).not.toContain('ann tea e1');
      expect(sorted(await open().inRoom('cake'))).not.toContain('ann cake e1');
    });

    it('have so many rooms in one browser', async () => {
      const { open } = createWorld();
      const store = open();
      for (let index = 0; index < limits.roomsPerConnection; index += 1) {
        await store.add(of('ann', `room${index}`, 'e'));
      }
      await store.add(of('ann', 'room0', 'other'));
      expect(await store.add(of('ann', 'one-more', 'e'))).toBe('kept');
      expect(await open().inRoom('room0')).toEqual([of('ann', 'room0', 'other')]);
      const ofAnn = await open().ofUser('ann');
      expect(ofAnn).toHaveLength(limits.roomsPerConnection + 1);
      expect(ofAnn.at(-1)).toEqual(of('ann', 'one-more', 'e'));
    });

    it('are refused in a room that has too many, unless they were there', async () => {
      const { open } = createWorld();
      const store = open();
      const few = 500;
      for (let from = 0; from < limits.pushRegistrationsPerRoom; from += few) {
        const users = Array.from({ length: few }, (_, n) => of(`u${from + n}`, 'tea', 'e'));
        await Promise.all(users.map((each) => store.add(each)));
      }
      expect(await store.add(of('ann', 'tea', 'e'))).toBe('room full');
      expect(await store.ofUser('ann')).toEqual([]);
      expect(await store.add(of('u5', 'tea', 'e'))).toBe('kept');
      expect(await open().inRoom('tea')).toHaveLength(limits.pushRegistrationsPerRoom);
      expect(await store.add(of('ann', 'cake', 'e'))).toBe('kept');
      await store.remove('u5', {});
      expect(await store.add(of('ann', 'tea', 'e'))).toBe('kept');
    });

    it('give way, heard of longest ago first, where there are too many in all', async () => {
      const { open, openBounded } = createWorld();
      const store = openBounded(3);
      for (const user of ['dan', 'cid', 'bob']) await store.add(of(user, 'tea', 'e'));
      // Heard of again.
      await store.add(of('dan', 'tea', 'e'));
      await store.add(of('ann', 'tea', 'e'));
      const left = ['ann tea e', 'bob tea e', 'dan tea e'];
      expect(sorted(await store.inRoom('tea'))).toEqual(left);
      expect(await store.ofUser('cid')).toEqual([]);
      await store.remove('bob', {});
      await store.add(of('cid', 'cake', 'e'));
      await store.add(of('eve', 'cake', 'e'));
      expect(await store.ofUser('dan')).toEqual([]);
      expect(sorted(await open().inRoom('tea'))).toEqual(['ann tea e']);
      expect(sorted(await open().inRoom('cake'))).toEqual(['cid cake e', 'eve cake e']);
    });

    it('are forgotten with the key that browsers subscribed with', async () => {
      const { open } = createWorld();
      await open('old key').add(of('ann', 'tea', 'e1'));
      expect(await open('new key').inRoom('tea')).toEqual([]);
      expect(await open('new key').ofUser('ann')).toEqual([]);
      expect(await open('old key').inRoom('tea')).toEqual([]);
      expect(await open('new key').add(of('ann', 'tea', 'e1'))).toBe('kept');
      expect(await open('new key').inRoom('tea')).toEqual([of('ann', 'tea', 'e1')]);
    });
  });
}
