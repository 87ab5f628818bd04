import { describe, expect, it } from 'vitest';
import { createManualTime } from '../../../testing/manualTime';
import { LogUnavailableError } from '../../log/log';
import { settle } from '../testChat';
import { createMissedSignOuts, usersAtOnce } from './missedSignOuts';

const restMs = 100;
const longestRetryMs = 2_000;

function createWorld(count: number) {
  const time = createManualTime();
  const here = Array.from({ length: count }, (_, index) => `u${index + 1}`);
  const revoked = new Set<string>();
  const asked: string[] = [];
  const found: string[] = [];
  const errors: unknown[] = [];
  const world = { time, here, revoked, asked, found, errors, failure: undefined as unknown };
  const missed = createMissedSignOuts({
    users: { ids: () => here },
    revocations: {
      async isRevoked(userId) {
        asked.push(userId);
        if (world.failure) throw world.failure;
        return revoked.has(userId);
      },
    },
    time,
    random: () => 1,
    signedOut: (userId) => found.push(userId),
    onError: (error) => errors.push(error),
  });
  async function pass(ms: number) {
    time.advance(ms);
    await settle();
  }
  return Object.assign(world, { missed, pass });
}

describe('after sign-outs may have been missed', () => {
  it('those who are here and have signed out are found, and nobody else', async () => {
    const { missed, revoked, found, asked, time, pass } = createWorld(3);
    revoked.add('u2').add('elsewhere');
    missed.look();
    await settle();
    expect(found).toEqual(['u2']);
    await pass(restMs);
    expect(asked).toEqual(['u1', 'u2', 'u3']);
    expect(time.armed).toBe(0);
  });

  it('many are asked about at a pace', async () => {
    const { missed, asked, pass } = createWorld(usersAtOnce * 2 + 1);
    missed.look();
    await settle();
    expect(asked).toHaveLength(usersAtOnce);
    await pass(restMs - 1);
    expect(asked).toHaveLength(usersAtOnce);
    await pass(1);
    expect(asked).toHaveLength(usersAtOnce * 2);
    await pass(restMs);
    expect(new Set(asked).size).toBe(usersAtOnce * 2 + 1);
  });

  it('who could not be asked about is asked about again, until there is an answer', async () => {
    const world = createWorld(2);
    const { missed, revoked, found, errors, pass } = world;
    revoked.add('u1');
    world.failure = new LogUnavailableError('away');
    missed.look();
    await settle();
    await pass(longestRetryMs);
    expect([found, errors]).toEqual([[], []]);
    world.failure = undefined;
    await pass(longestRetryMs);
    expect(found).toEqual(['u1']);
  });

  it('what fails otherwise is told, and tried again', async () => {
    const world = createWorld(1);
    const { missed, revoked, found, errors, pass } = world;
    revoked.add('u1');
    world.failure = new Error('no');
    missed.look();
    await settle();
    world.failure = undefined;
    await pass(longestRetryMs);
    expect([found, errors]).toEqual([['u1'], [new Error('no')]]);
  });

  it('and missed again, all are asked about once more, at the same pace', async () => {
    const { missed, asked, pass } = createWorld(usersAtOnce + 1);
    missed.look();
    missed.look();
    await settle();
    missed.look();
    expect(asked).toHaveLength(usersAtOnce);
    await pass(restMs);
    await pass(restMs);
    expect(asked).toHaveLength(usersAtOnce * 2 + 1);
  });

  it('nothing more is found, and no timer is left, once that is over', async () => {
    const { missed, revoked, found, time } = createWorld(usersAtOnce + 1);
    revoked.add('u1');
    missed.look();
    missed.clear();
    await settle();
    expect(found).toEqual([]);
    expect(time.armed).toBe(0);
  });
});
