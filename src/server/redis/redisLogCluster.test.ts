/** The log on a Redis Cluster of three nodes: what a room needs is on one of them. */
import { describe, expect, it } from 'vitest';
import { sharedRedisCluster, startRedis } from '../../e2e/support/redis';
import { draftOf } from '../log/draftOf';
import { LogUnavailableError } from '../log/log';
import { describeLogContract } from '../log/logContract';
import { hashSlot } from './hashSlot';
import { openRedisLog } from './redisLog';
import { connectTo, newId, ownKeys, sharedConnection } from './testRedis';

/** Several processes are waited for one after the other, on a machine that may be busy. */
const timeout = 60_000;

const nodes = sharedRedisCluster({ 'cluster-require-full-coverage': 'no' });
const first = () => nodes()[0] ?? expect.fail('no node');
const connection = sharedConnection(first);
const openLog = () => openRedisLog({ connection: connection(), keys: ownKeys(), newId });

describeLogContract('the log on a Redis Cluster', openLog, { countsPerRoom: true });

const patience = { timeout: 15_000, interval: 20 };

/** A room on each node. */
const roomsOfNodes = () =>
  [0, 1, 2].map((node) => {
    const names = Array.from({ length: 100 }, (_, index) => `room-${index}`);
    const isThere = (name: string) => Math.floor((hashSlot(`{${name}}`) * 3) / 16_384) === node;
    return names.find(isThere) ?? expect.fail(`no room on node ${node}`);
  });

describe('rooms on several nodes', { timeout }, () => {
  it('are appended to in one go, each on its own', async () => {
    const log = await openLog();
    const rooms = roomsOfNodes();
    const drafts = [...rooms, ...rooms].map((room) => draftOf({ room }));
    const answers = await Promise.all(drafts.map((draft) => log.append(draft)));
    expect(answers.map(({ room, seq }) => [room, seq])).toEqual([
      ...rooms.map((room) => [room, 1]),
      ...rooms.map((room) => [room, 2]),
    ]);
  });

  it('are found where they have moved to', async () => {
    const log = await openLog();
    const [room = ''] = roomsOfNodes();
    await log.head('elsewhere');
    const to = nodes()[1];
    const id = String(await to?.command('CLUSTER', 'MYID'));
    const slot = String(hashSlot(`{${room}}`));
    await to?.command('CLUSTER', 'SETSLOT', slot, 'NODE', id);
    // It has none of the slot's keys any more: so it lets go of it.
    const keys = await first().command('CLUSTER', 'GETKEYSINSLOT', slot, '1000');
    for (const key of Array.isArray(keys) ? keys : []) await first().command('DEL', String(key));
    await first().command('CLUSTER', 'SETSLOT', slot, 'NODE', id);
    await nodes()[2]?.command('CLUSTER', 'SETSLOT', slot, 'NODE', id);
    expect(await log.append(draftOf({ room }))).toMatchObject({ room, seq: 1 });
    expect(await log.head(room)).toMatchObject({ seq: 1 });
  });

  it('are refused while their node is gone, and the others are not', async () => {
    // The node that goes is not the one that the address names.
    const log = await openRedisLog({
      connection: await connectTo(first()),
      keys: ownKeys(),
      newId,
    });
    const [, there = '', gone = ''] = roomsOfNodes();
    await nodes()[2]?.kill();
    const answers = () =>
      Promise.allSettled([gone, there].map((room) => log.append(draftOf({ room }))));
    const [refused, taken] = await answers();
    expect(refused).toMatchObject({ reason: expect.any(LogUnavailableError) });
    expect(taken).toMatchObject({ value: { room: there, seq: 1 } });
    await nodes()[2]?.start();
    await expect
      .poll(async () => (await answers()).map(({ status }) => status), patience)
      .toEqual(['fulfilled', 'fulfilled']);
  });

  // The last one: the node that takes over is gone with it.
  it('go on at the replica that takes over from their node', async () => {
    const [node, master] = nodes();
    if (!node || !master) return expect.fail('no node');
    const [, room = ''] = roomsOfNodes();
    const replica = await startRedis({
      'cluster-enabled': 'yes',
      'cluster-config-file': 'nodes.conf',
      'cluster-announce-ip': '127.0.0.1',
    });
    const masterId = String(await master.command('CLUSTER', 'MYID'));
    await replica.command('CLUSTER', 'MEET', '127.0.0.1', String(master.port));
    await expect
      .poll(() => replica.command('CLUSTER', 'REPLICATE', masterId).catch(() => 'later'), patience)
      .toBe('OK');
    await expect
      .poll(() => replica.command('INFO', 'replication'), patience)
      .toContain('master_link_status:up');
    // Only who knows it takes its word.
    const replicaId = String(await replica.command('CLUSTER', 'MYID'));
    for (const each of nodes()) {
      await expect
        .poll(() => each.command('CLUSTER', 'NODES'), patience)
        .toMatch(new RegExp(`^${replicaId} \\S+ slave ${masterId} .* connected`, 'm'));
      await expect
        .poll(() => replica.command('CLUSTER', 'NODES'), patience)
        .toMatch(new RegExp(`^\\S+ 127\\.0\\.0\\.1:${each.port}@.* connected`, 'm'));
    }

    const log = await openRedisLog({
      connection: await connectTo(node),
      keys: ownKeys(),
      newId,
      replicas: 1,
      replicaTimeoutMs: 10_000,
    });
    const draft = draftOf({ room });
    const first = await log.append(draft);
    await master.kill();
    await replica.command('CLUSTER', 'FAILOVER', 'TAKEOVER');
    await expect
      .poll(() => log.head(room).catch(() => undefined), patience)
      .toMatchObject({
        epoch: first.epoch,
        mid: draft.mid,
      });
  });
});
