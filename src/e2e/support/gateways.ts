/**
 * Three gateways of one chat, each as on a host of its own: at an address of its own, and with its own way to
 * Redis, which a test can cut. And people who write at them all the while, whose end is judged as after a storm.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import { createSeededRandom } from '../../testing/seededRandom';
import { checkStorm } from '../storm/checkStorm';
import { createHeadlessClient } from '../storm/headlessClient';
import { recordOf } from '../storm/stormClient';
import { startBalancer } from './balancer';
import { type FaultProxy, startFaultProxy } from './faultProxy';
import { type ServerProcess, startServer } from './serverProcess';

export interface Gateway {
  readonly server: ServerProcess;
  /** Its way to Redis. */
  readonly way: FaultProxy;
}

export type Gateways = readonly [Gateway, Gateway, Gateway];

/** At 127.0.0.2 and the two after that. */
export async function startGateways(
  redis: { readonly port: number },
  flags: readonly string[] = [],
): Promise<Gateways> {
  const start = async (address: string): Promise<Gateway> => {
    const way = await startFaultProxy(redis.port);
    const url = `redis://127.0.0.1:${way.port}`;
    return { way, server: await startServer(['--redis', url, ...flags], address) };
  };
  return Promise.all([start('127.0.0.2'), start('127.0.0.3'), start('127.0.0.4')]);
}

export const healthOf = ({ server }: Gateway) =>
  fetch(`${server.url}healthz`).then(({ status }) => status);

export interface Writing {
  /** Waits until everybody has seen so many more of their messages sent. */
  untilSent(more: number): Promise<void>;
  /**
   * Has everybody stop, and waits until all that they wrote is sent and has come to everybody. Nothing may be
   * lost or doubled, and everybody must have the same. `wasSentAgain`: what was sent may have been lost and sent
   * again, and stand behind what was written later.
   */
  finish(how?: { wasSentAgain: boolean }): Promise<void>;
}

/** Between two messages of one person, in ms. */
const pauseMs = 60;

/** How long it may take until everybody has everything, in ms. */
const calmMs = 30_000;

/**
 * Somebody for each name writes into the lobby without a rest. The first begins at the first of the gateways, the
 * second at the second, and so on; whose line breaks goes on at the next.
 */
export async function startWriting(
  gateways: readonly Pick<Gateway, 'server'>[],
  names: readonly string[],
): Promise<Writing> {
  const servers = gateways.map(({ server }) => server);
  const begin = async (name: string, index: number) => {
    const from = index % servers.length;
    const { port } = await startBalancer([...servers.slice(from), ...servers.slice(0, from)]);
    const url = `ws://localhost:${port}/ws`;
    const random = createSeededRandom(index + 1);
    const client = createHeadlessClient({ name, room: 'lobby', url, random });
    onTestFinished(client.leave);
    return client;
  };
  let isOver = false;
  onTestFinished(() => {
    isOver = true;
  });
  const people = await Promise.all(names.map(begin));
  const writing = people.map(async (person) => {
    for (let count = 1; !isOver; count += 1) {
      await person.write(`${person.name} ${count}`);
      await delay(pauseMs);
    }
  });

  async function untilSent(more: number) {
    const sent = () => people.map(({ shownAsSent }) => shownAsSent.size);
    const before = sent();
    await expect
      .poll(() => Math.min(...sent().map((count, index) => count - (before[index] ?? 0))))
      .toBeGreaterThanOrEqual(more);
  }
  await untilSent(1);

  return {
    untilSent,
    async finish({ wasSentAgain } = { wasSentAgain: false }) {
      isOver = true;
      await Promise.all(writing);
      expect(await Promise.all(people.map((each) => each.untilQuiet(calmMs)))).not.toContain(false);
      const newcomer = await begin('Newcomer', people.length);
      expect(await newcomer.untilQuiet(calmMs)).toBe(true);
      const judge = async () => {
        const log = await newcomer.readAll();
        const records = await Promise.all(people.map(recordOf));
        const clients = wasSentAgain
          ? records.map((record) => ({ ...record, retried: new Set(record.written) }))
          : records;
        return checkStorm({ log, changes: [], clients });
      };
      // What was acked is still on its way to the others.
      await expect.poll(async () => (await judge()).faults.slice(0, 20)).toEqual([]);
      const { written, delivered } = await judge();
      expect(delivered).toBe(written);
    },
  };
}
