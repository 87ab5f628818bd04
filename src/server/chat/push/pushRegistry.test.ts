import { describe, expect, it } from 'vitest';
import { limits } from '../../../protocol/limits';
import type { PushRegistration } from './pushPorts';
import { PushRegistry } from './pushRegistry';

const keys = { p256dh: 'p', auth: 'a' };
const of = (userId: string, room: string, endpoint: string): PushRegistration => ({
  room,
  userId,
  subscription: { endpoint, keys },
});
const named = ({ userId, room, subscription }: PushRegistration) =>
  `${userId} ${room} ${subscription.endpoint}`;

describe('who wants to be pushed to', () => {
  it('is found by room and by user, and not once removed', () => {
    const registry = new PushRegistry();
    for (const each of [of('ann', 'tea', 'e1'), of('bob', 'tea', 'e2'), of('ann', 'cake', 'e1')]) {
      registry.add(each);
    }
    expect(registry.inRoom('tea').map(named)).toEqual(['ann tea e1', 'bob tea e2']);
    expect(registry.ofUser('ann').map(named)).toEqual(['ann tea e1', 'ann cake e1']);
    expect(registry.remove('ann', { room: 'tea' }).map(named)).toEqual(['ann tea e1']);
    expect(registry.inRoom('tea').map(named)).toEqual(['bob tea e2']);
    expect(registry.remove('ann', {}).map(named)).toEqual(['ann cake e1']);
    expect(registry.inRoom('cake')).toEqual([]);
    expect(registry.ofUser('ann')).toEqual([]);
    expect(registry.remove('ann', {})).toEqual([]);
  });

  it('is there once however often it is said, and told to be new with new keys only', () => {
    const registry = new PushRegistry();
    expect(registry.add(of('ann', 'tea', 'e1'))?.isNew).toBe(true);
    expect(registry.add(of('ann', 'tea', 'e1'))?.isNew).toBe(false);
    const renewed = { endpoint: 'e1', keys: { ...keys, auth: 'b' } };
    expect(registry.add({ room: 'tea', userId: 'ann', subscription: renewed })?.isNew).toBe(true);
    expect(registry.inRoom('tea')).toHaveLength(1);
  });

  it('has so many browsers, of which the one heard of longest ago gives way with all its rooms', () => {
    const registry = new PushRegistry();
    for (let index = 0; index < limits.pushEndpointsPerUser; index += 1) {
      registry.add(of('ann', 'tea', `e${index}`));
      registry.add(of('ann', 'cake', `e${index}`));
    }
    // Heard of again.
    registry.add(of('ann', 'tea', 'e0'));
    const added = registry.add(of('ann', 'tea', 'new'));
    expect(added?.displaced.map(named)).toEqual(['ann tea e1', 'ann cake e1']);
    expect(new Set(registry.ofUser('ann').map((each) => each.subscription.endpoint)).size).toBe(
      limits.pushEndpointsPerUser,
    );
  });

  it('has so many rooms in one browser', () => {
    const registry = new PushRegistry();
    for (let index = 0; index < limits.roomsPerConnection; index += 1) {
      registry.add(of('ann', `room${index}`, 'e'));
    }
    expect(registry.add(of('ann', 'one-more', 'e'))?.displaced.map(named)).toEqual(['ann room0 e']);
    expect(registry.ofUser('ann')).toHaveLength(limits.roomsPerConnection);
  });

  it('gives way, heard of longest ago first, where there are too many in all', () => {
    const registry = new PushRegistry(3);
    for (const user of ['ann', 'bob', 'cid']) registry.add(of(user, 'tea', 'e'));
    // Heard of again.
    expect(registry.add(of('ann', 'tea', 'e'))?.displaced).toEqual([]);
    expect(registry.add(of('dan', 'cake', 'e'))?.displaced.map(named)).toEqual(['bob tea e']);
    expect(registry.add(of('eve', 'cake', 'e'))?.displaced.map(named)).toEqual(['cid tea e']);
    expect(registry.inRoom('tea').map(named)).toEqual(['ann tea e']);
    expect(registry.ofUser('bob')).toEqual([]);
    registry.remove('ann', {});
    expect(registry.add(of('fay', 'tea', 'e'))?.displaced).toEqual([]);
  });

  it('is refused in a room that has too many, unless it was there', () => {
    const registry = new PushRegistry();
    for (let index = 0; index < limits.pushRegistrationsPerRoom; index += 1) {
      registry.add(of(`u${index}`, 'tea', 'e'));
    }
    expect(registry.add(of('ann', 'tea', 'e'))).toBeUndefined();
    expect(registry.add(of('u5', 'tea', 'e'))).toMatchObject({ isNew: false, displaced: [] });
    expect(registry.inRoom('tea')).toHaveLength(limits.pushRegistrationsPerRoom);
    expect(registry.add(of('ann', 'cake', 'e'))).toBeDefined();
  });
});
