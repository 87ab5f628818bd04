/** A chat on a Redis that runs the redis.conf of the guide: gateways, replicas and backups. */
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { copyFile, cp } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { systemTime } from '../connection/ports';
import type { RoomListener } from '../server/chat/gateways/cluster';
import { redisKeys } from '../server/redis/keys';
import { openRedis } from '../server/redis/redisClient';
import { openRedisCluster } from '../server/redis/redisCluster';
import { openRedisLog } from '../server/redis/redisLog';
import { enterChat } from './support/chatClient';
import { findOrInstall } from './support/debian';
import { passwords, patience, refusedTo, startAs, withPasswords } from './support/guideRedis';
import { startNginxBefore } from './support/nginx';
import type { RedisServer } from './support/redis';
import { startServer } from './support/serverProcess';

/** With those lines that are for who has replicas, and for a replica. */
const ofMaster = (text: string) => text.replace(/^# (min-replicas-.*)$/gm, '$1');
const ofReplica = (text: string, { port }: RedisServer) =>
  text
    .replace(/^# (masteruser .*)$/m, '$1')
    .replace(/^# replicaof 10\.0\.0\.20 6379$/m, `replicaof 127.0.0.1 ${port}`)
    .replace(/^# masterauth REPLICA-PASSWORD$/m, `masterauth ${passwords.replica}`);

describe('the whole example', () => {
  it('is one chat, whichever gateway nginx sends people to, and outlives one of them', async () => {
    const redis = await startAs('heartline', await withPasswords());
    const flags = ['--host', '127.0.0.1', '--trust-proxy', '127.0.0.1', '--redis', redis.url];
    const servers = [await startServer(flags), await startServer(flags)];
    const nginx = await startNginxBefore(servers.map(({ port }) => port));
    const enter = (name: string) =>
      enterChat(nginx.webSocketUrl, name, 'lobby', {
        ...{ ca: nginx.ca, origin: `https://${nginx.host}`, family: 4 },
      });
    const [ann, bob] = [await enter('Ann'), await enter('Bob')];
    ann.send({ t: 'send', id: 'a', room: 'lobby', body: 'hello' });
    await ann.until('ack', ({ id }) => id === 'a');
    await bob.until('msg', ({ id }) => id === 'a');

    await servers[0]?.kill('SIGKILL');
    await Promise.race([ann.closed, bob.closed]);
    // They were at different ones.
    const open = [ann, bob].filter(({ socket }) => socket.readyState === socket.OPEN);
    expect(open).toHaveLength(1);
    const cy = await enter('Cy');
    const { messages } = await cy.until('sync');
    expect(messages.map(({ id }) => id)).toEqual(['a']);
  });
});

describe('a gateway on the Redis of the guide', () => {
  it('keeps its log there, and hears another one', async () => {
    const redis = await startAs('heartline', await withPasswords());
    const warnings: string[] = [];
    const connection = await openRedis({
      ...{ url: redis.url, time: systemTime, random: Math.random },
      onWarning: (text) => warnings.push(text),
    });
    onTestFinished(() => connection.close());
    // It is not told that the file is synced, and needs no telling.
    expect(warnings).toEqual([]);
    const keys = redisKeys();
    const log = await openRedisLog({ connection, keys, newId: randomUUID });
    const errors: unknown[] = [];
    const join = async (gateway: string) => {
      const cluster = await openRedisCluster({
        ...{ gateway, connection, keys, time: systemTime, random: Math.random },
        ...{ noteSeen: log.noteSeen, holdSeen: log.holdSeen, releaseSeen: log.releaseSeen },
        onError: (error) => errors.push(error),
      });
      onTestFinished(() => cluster.stop());
      return cluster;
    };
    const [one, other] = [await join('one'), await join('other')];
    const heard: string[] = [];
    const listener: RoomListener = {
      ...{ mayHaveMissed() {}, left() {}, gatewayGone() {}, typing() {}, read() {} },
      ...{ written() {}, askedWritten() {} },
      appended: (_, messages) => void heard.push(...messages.map(({ body }) => body)),
      arrived: (_, { name }) => void heard.push(`${name} is there`),
    };
    const [here, there] = [one.enter('lobby', listener), other.enter('lobby', listener)];
    await Promise.all([here.ready(), there.ready()]);
    const from = { id: 'a', name: 'Ann' };
    here.arrived(from);
    one.lines.came(from.id);
    await log.append({ room: 'lobby', from, id: '1', mid: 'm', body: 'hello', at: 1 });
    await vi.waitFor(
      () => expect(heard.toSorted()).toEqual(['Ann is there', 'hello', 'hello']),
      patience,
    );
    await vi.waitFor(
      async () => expect(await other.lines.isElsewhere(from.id)).toBe(true),
      patience,
    );
    expect((await log.head('lobby')).seq).toBe(1);
    expect(errors).toEqual([]);
  });
});

describe('the replicas’ user of Redis', () => {
  it('copies, and may do nothing else', async () => {
    const text = await withPasswords();
    const master = await startAs('admin', ofMaster(text));
    const replica = await startAs('admin', ofReplica(text, master));
    const link = async () => String(await replica.command('INFO', 'replication'));
    await vi.waitFor(async () => expect(await link()).toContain('master_link_status:up'), patience);
    expect(await refusedTo(master, 'replica', ['GET hl:key', 'FLUSHALL', 'CONFIG GET *'])).toEqual([
      'GET hl:key',
      'FLUSHALL',
      'CONFIG GET *',
    ]);

    await vi.waitFor(() => master.command('SET', 'hl:a', '1'), patience);
    await replica.kill();
    const write = () => master.command('SET', 'hl:a', '2');
    await vi.waitFor(() => expect(write()).rejects.toThrow('NOREPLICAS'), patience);
  });
});

describe('a backup of Redis', () => {
  it('comes back as the guide says, and would not without that', async () => {
    const text = await withPasswords();
    const redis = await startAs('admin', text);
    await redis.command('XADD', 'hl:{lobby}:log', '1-0', 'text', 'kept');
    const copy = join(redis.folder, 'monday.rdb');
    const client = findOrInstall('redis-cli');
    execFileSync(client, ['-p', String(redis.port), '--user', 'admin', '--rdb', copy], {
      env: { ...process.env, REDISCLI_AUTH: passwords.admin },
      stdio: 'pipe',
    });

    const from = async (settings: string) => {
      const restored = await startAs('admin', settings);
      await restored.kill();
      await restored.loseFiles();
      await copyFile(copy, join(restored.folder, 'dump.rdb'));
      await restored.start();
      return restored;
    };
    const careless = await from(text);
    expect(await careless.command('EXISTS', 'hl:{lobby}:log')).toBe(0);

    const careful = await from(`${text}\nappendonly no\n`);
    await careful.command('CONFIG', 'SET', 'appendonly', 'yes');
    const persistence = () => careful.command('INFO', 'persistence');
    await vi.waitFor(
      async () => expect(await persistence()).toMatch(/aof_rewrite_in_progress:0/),
      patience,
    );
    await careful.stop();
    const usual = await startAs('admin', text);
    await usual.kill();
    await usual.loseFiles();
    await cp(careful.folder, usual.folder, { recursive: true });
    await usual.start();
    expect(await usual.command('XLEN', 'hl:{lobby}:log')).toBe(1);
  });
});
