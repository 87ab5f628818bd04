/** How many connections a user may have at several gateways. */
import { describe, expect, it } from 'vitest';
import { createManualTime } from '../../../testing/manualTime';
import { createUsers } from '../people/users';
import { settle } from '../testChat';
import { createSharedConnections } from './sharedConnections';
import { createTallies } from './testTallies';

const leaseMs = 30_000;

function createWorld(most = 5) {
  const time = createManualTime();
  const tallies = createTallies(time.now);
  const errors: unknown[] = [];
  function gateway(name: string) {
    const users = createUsers();
    const onError = (error: unknown) => errors.push(error);
    const connections = createSharedConnections({
      tally: tallies.at(name),
      users,
      most,
      time,
      leaseMs,
      onError,
    });
    return {
      clear: connections.clear,
      open() {
        const connection = { close() {}, fallSilent() {} };
        users.add('ann', connection);
        const close = () => {
          users.remove('ann', connection);
          connections.closed('ann');
        };
        return { mayStay: connections.opened('ann'), close };
      },
    };
  }
  return { time, tallies, errors, gateway };
}

describe('the connections of a user at several gateways', () => {
  it('are told of from the second on', async () => {
    const { gateway, tallies, time } = createWorld();
    const here = gateway('here');
    const first = here.open();
    expect(await first.mayStay).toBe(true);
    expect(tallies.of('ann')).toEqual([]);
    expect(time.armed).toBe(0);
    const second = here.open();
    expect(await second.mayStay).toBe(true);
    expect(tallies.of('ann')).toEqual([2]);
    second.close();
    await settle();
    expect(tallies.of('ann')).toEqual([]);
  });

  it('are as many as one may have, and one more at each gateway at most', async () => {
    const { gateway } = createWorld(5);
    const [here, there] = [gateway('here'), gateway('there')];
    for (let n = 0; n < 5; n += 1) expect(await here.open().mayStay).toBe(true);
    expect(await there.open().mayStay).toBe(true);
    const oneTooMany = there.open();
    expect(await oneTooMany.mayStay).toBe(false);
    oneTooMany.close();
    await settle();
    expect(await here.open().mayStay).toBe(false);
  });

  it('count for as long as they are there, and no longer than a lease after their gateway', async () => {
    const { gateway, time, tallies } = createWorld();
    const here = gateway('here');
    for (let n = 0; n < 3; n += 1) await here.open().mayStay;
    for (let n = 0; n < 20; n += 1) {
      time.advance(leaseMs / 2);
      expect(tallies.of('ann')).toEqual([3]);
    }
    // It is frozen: its timers do not fire.
    time.sleep(leaseMs);
    expect(tallies.of('ann')).toEqual([]);
  });

  it('are none once their gateway has ended, and nothing is told after', async () => {
    const { gateway, time, tallies } = createWorld();
    const here = gateway('here');
    const lines = [here.open(), here.open(), here.open()];
    here.clear();
    await settle();
    expect(tallies.of('ann')).toEqual([]);
    for (const line of lines) line.close();
    expect(await here.open().mayStay).toBe(true);
    await settle();
    expect(tallies.of('ann')).toEqual([]);
    expect(time.armed).toBe(0);
  });

  it('are let in where nobody can be told, which is said once, and told of later', async () => {
    const { gateway, time, tallies, errors } = createWorld(2);
    const here = gateway('here');
    tallies.setAway(true);
    for (let n = 0; n < 3; n += 1) expect(await here.open().mayStay).toBe(true);
    expect(errors).toHaveLength(1);
    tallies.setAway(false);
    time.advance(leaseMs / 3);
    await settle();
    expect(tallies.of('ann')).toEqual([3]);
    expect(await gateway('there').open().mayStay).toBe(true);
  });
});
