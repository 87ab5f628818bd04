/** The servers of a storm: one by itself, or several gateways on one Redis behind a balancer. */
import type { Random } from '../../connection/ports';
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
    return { servers: [server], port: server.port, redisLines: [], redis: undefined, inTurn };
  }
  const redis = await startRedis();
  const redisLines: FaultProxy[] = [];
  const servers: ServerProcess[] = [];
  for (let count = 0; count < gateways; count += 1) {
    const line = await startFaultProxy(redis.port, random);
    redisLines.push(line);
    servers.push(await startServer(['--redis', `redis://localhost:${line.port}`, ...flags]));
  }
  const balancer = await startBalancer(servers);
  return { servers, port: balancer.port, redisLines, redis, inTurn: createTurns() };
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
