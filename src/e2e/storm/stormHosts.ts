/** The servers of a storm: one by itself, or several gateways on one Redis behind a balancer. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Random } from '../../connection/ports';
import { filesFolder } from '../../server/node/folderBlobs';
import { startBalancer } from '../support/balancer';
import { type FaultProxy, startFaultProxy } from '../support/faultProxy';
import { type RedisServer, startRedis } from '../support/redis';
import { type ServerProcess, startServer } from '../support/serverProcess';

export interface StormHosts {
  readonly servers: readonly ServerProcess[];
  /** Where clients connect to. */
  readonly port: number;
  /** Between each server and Redis. */
  readonly redisLines: readonly FaultProxy[];
  readonly redis: RedisServer | undefined;
  /** Where all of them keep files. */
  readonly filesDir: string;
  /** One after another: no server starts while its Redis is away, as it would end at once. */
  inTurn(work: () => Promise<void>): Promise<void>;
}

export async function startHosts(
  gateways: number,
  flags: readonly string[],
  random: Random,
): Promise<StormHosts> {
  if (gateways === 0) {
    const server = await startServer(flags);
    const inTurn = createTurns();
    const filesDir = join(server.dataDir, filesFolder);
    const { port } = server;
    return { servers: [server], port, redisLines: [], redis: undefined, filesDir, inTurn };
  }
  const filesDir = await mkdtemp(join(tmpdir(), 'heartline-files-'));
  onTestFinished(() => rm(filesDir, { recursive: true, force: true }));
  const redis = await startRedis();
  const redisLines: FaultProxy[] = [];
  const servers: ServerProcess[] = [];
  for (let count = 0; count < gateways; count += 1) {
    const line = await startFaultProxy(redis.port, random);
    redisLines.push(line);
    const url = `redis://localhost:${line.port}`;
    servers.push(await startServer(['--redis', url, '--files', filesDir, ...flags]));
  }
  const balancer = await startBalancer(servers);
  const { port } = balancer;
  return { servers, port, redisLines, redis, filesDir, inTurn: createTurns() };
}

/** Does one thing after another; what fails holds up nothing. */
export function createTurns() {
  let last = Promise.resolve();
  return (work: () => Promise<void>): Promise<void> => {
    const done = last.then(work);
    last = done.catch(() => {});
    return done;
  };
}
