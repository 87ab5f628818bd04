/** What a user may do at two gateways together: seen from the user's lines. */
import { describe, expect, it } from 'vitest';
import { closeCodes } from '../../../protocol/closeCodes';
import { createManualTime } from '../../../testing/manualTime';
import { createTestChat, settle, type TestChat, type TestClient } from '../testChat';
import { type Allowances, noAllowances } from './allowances';
import { sharedAllowancesThrough } from './sharedAllowances';
import { createWhole } from './testSpending';
import { createTallies } from './testTallies';

/** A message costs 5 credits; coming in costs an address 15 in all, and a user nothing. */
const few = {
  user: { perSecond: 1, burst: 20 },
  address: { perSecond: 1, burst: 50 },
};

function createGateways(allowances: Partial<Allowances>) {
  const time = createManualTime();
  const tallies = createTallies(time.now);
  const wholes = {
    user: createWhole(few.user, time.now),
    address: createWhole(few.address, time.now),
    handshakes: createWhole(few.address, time.now),
  };
  const gateway = (name: string) =>
    createTestChat(undefined, {
      time,
      allowances: { ...noAllowances, ...allowances },
      sharedAllowances: sharedAllowancesThrough({
        tally: tallies.at(name),
        spendingOf: (kind) => ({ spend: async (spent) => wholes[kind].spend(spent) }),
      }),
    });
  return { time, tallies, wholes, here: gateway('here'), there: gateway('there') };
}

async function come(chat: TestChat, token: string): Promise<TestClient> {
  const client = chat.connect();
  client.send({ t: 'auth', name: 'Ann', token, resume: [] }, { t: 'join', room: 'tea' });
  await settle();
  return client;
}

const say = (id: string) => ({ t: 'send', id, room: 'tea', body: 'x' }) as const;

describe('a user at two gateways', () => {
  it('is sent away with one connection too many, by the reason that one server would give', async () => {
    const { here, there, tallies } = createGateways({ connectionsPerUser: 3 });
    const ann = await here.enter('Ann');
    const { token, user } = ann.last('ready');
    await come(here, token);
    await come(here, token);
    await come(there, token);
    const tooMany = await come(there, token);
    expect(tooMany.closedWith).toBe(closeCodes.tooManyConnections.code);
    expect(tooMany.all('ready')).toEqual([]);
    tooMany.end(closeCodes.tooManyConnections.code);
    ann.end();
    await settle();
    expect(tallies.of(user.id)).toEqual([2]);
    expect((await come(here, token)).all('ready')).toHaveLength(1);
    await here.server.drain([0, 0]);
    expect(tallies.of(user.id)).toEqual([]);
    expect(here.errors).toEqual([]);
  });

  it.each(['user', 'address'] as const)('spends there what the %s has not here', async (kind) => {
    const { here, there, time, wholes } = createGateways({ [kind]: few[kind] });
    const ann = await here.enter('Ann', 'tea');
    const other = await come(there, ann.last('ready').token);
    for (const id of ['a', 'b', 'c']) ann.send(say(id));
    other.send(say('d'));
    time.advance(500);
    await settle();
    expect(wholes[kind].told).toHaveLength(2);
    other.send(say('e'));
    expect([ann.isPaused, other.isPaused]).toEqual([false, true]);
    await Promise.all([here.server.drain([0, 0]), there.server.drain([0, 0])]);
    expect([...here.errors, ...there.errors]).toEqual([]);
  });

  it('spends less than that at one of them alone', async () => {
    const { here, there, time } = createGateways({ user: few.user });
    const ann = await here.enter('Ann', 'tea');
    const other = await come(there, ann.last('ready').token);
    other.send(say('d'));
    time.advance(500);
    await settle();
    other.send(say('e'));
    expect(other.isPaused).toBe(false);
  });
});
