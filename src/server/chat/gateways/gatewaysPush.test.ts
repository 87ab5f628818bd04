/** Pushes of a chat with several gateways: each person is told once, by one of them. */
import { describe, expect, it } from 'vitest';
import { closeCodes } from '../../../protocol/closeCodes';
import { createManualTime } from '../../../testing/manualTime';
import { createMemoryPeople } from '../people/memoryPeople';
import { nameKeys } from '../people/nameKeys';
import { pushThrough } from '../push/push';
import { createMemoryPushStore } from '../push/pushRegistry';
import { createTestChat, settle, type TestClient } from '../testChat';
import { gatewayOf } from './gateway';
import { createTestCluster } from './testCluster';

const graceMs = 10_000;
const startMs = 3 * graceMs;
const keys = { p256dh: `B${'A'.repeat(86)}`, auth: 'A'.repeat(22) };

/** Two gateways; Ann has turned pushes on in tea at the first, Bob writes at the second. */
async function createWorld() {
  const cluster = createTestCluster();
  const people = createMemoryPeople({ time: createManualTime(), keysOf: nameKeys });
  const store = createMemoryPushStore();
  const pushes: string[] = [];
  let ids = 0;
  const newId = () => {
    ids += 1;
    return `id${ids}`;
  };
  const createChat = (gateway: string) =>
    createTestChat(cluster.log, {
      gateway: gatewayOf(cluster.join(gateway)),
      people,
      newId,
      push: pushThrough({
        store,
        sender: {
          key: 'the key',
          whyRefused: () => undefined,
          async send(_, { text }) {
            pushes.push(`${gateway}: ${text}`);
            return { kind: 'sent' };
          },
        },
      }),
    });
  const chats = [createChat('a'), createChat('b')] as const;
  async function pass(ms: number) {
    for (const { time } of chats) time.advance(ms);
    cluster.arriveAll();
    await settle();
    cluster.arriveAll();
    await settle();
  }
  const ann = await chats[0].enter('Ann', 'tea');
  ann.send({ t: 'push', room: 'tea', endpoint: 'https://push.example/phone', keys });
  const bob = await chats[1].enter('Bob', 'tea');
  await pass(0);
  const say = async (client: TestClient, id: string, body: string) => {
    client.send({ t: 'send', id, room: 'tea', body });
    await pass(0);
  };
  return { chats, pushes, ann, bob, say, pass };
}

describe('pushes across gateways', () => {
  it('go to nobody who has a line at another gateway', async () => {
    const { bob, pushes, say, pass } = await createWorld();
    await pass(startMs);
    await say(bob, 'm1', 'one');
    await pass(1_000);
    expect(pushes).toEqual([]);
  });

  it('go to who has left, from the gateway that took the message', async () => {
    const { ann, bob, pushes, say, pass } = await createWorld();
    await pass(startMs);
    ann.end(closeCodes.left.code);
    await pass(0);
    await say(bob, 'm1', 'one');
    await pass(1_000);
    expect(pushes).toEqual(['b: one']);
  });

  it('go to who did not come back within the grace, once, from where their line was', async () => {
    const { ann, bob, pushes, say, pass } = await createWorld();
    await pass(startMs);
    ann.end();
    await say(bob, 'm1', 'one');
    await pass(graceMs - 1);
    expect(pushes).toEqual([]);
    await pass(1);
    await pass(1_000);
    expect(pushes).toEqual(['a: one']);
  });

  it('go to nobody who came back to another gateway within the grace', async () => {
    const { chats, ann, bob, pushes, say, pass } = await createWorld();
    await pass(startMs);
    const { token } = ann.last('ready');
    ann.end();
    await say(bob, 'm1', 'one');
    chats[1].connect().send({ t: 'auth', name: 'Ann', token, resume: [] });
    await pass(0);
    await pass(graceMs);
    await pass(1_000);
    expect(pushes).toEqual([]);
  });
});
