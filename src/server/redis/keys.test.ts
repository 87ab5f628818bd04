import { describe, expect, it } from 'vitest';
import { redisKeys } from './keys';

const keys = redisKeys('chat:');

describe('the room of a key', () => {
  it.each([
    ['of its messages', keys.roomLog('p-tea_2')],
    ['of an answer in it', keys.roomMessageId('p-tea_2', 'ann', 'id')],
    ['of who is there', keys.roomHere('p-tea_2')],
    ['of its channel', keys.roomNews('p-tea_2')],
  ])('is known %s', (_, key) => {
    expect(keys.roomOf(key)).toBe('p-tea_2');
  });

  it.each([
    ['of a user', keys.userPush('ann')],
    ['of a name', keys.name('ann')],
    ['of a lease', keys.leaseRooms('a.1')],
    ['of all', keys.gateways()],
    ['of another chat', redisKeys('other:').roomLog('tea')],
  ])('is none %s', (_, key) => {
    expect(keys.roomOf(key)).toBeUndefined();
  });
});
