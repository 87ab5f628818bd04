/**
 * kill -9 of the server, again and again, at any instant, while several people write without a pause.
 * What the log holds then is looked at twice: in a copy of the files as they lie on the disk, and by who
 * connects to the server that is started on them.
 */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import type { LoggedMessage } from '../protocol/message';
import { openSqliteStore } from '../server/log/sqliteStore';
import { openDatabase } from '../server/node/sqliteDriver';
import { readRoom } from './support/readRoom';
import { startServer } from './support/serverProcess';
import { createSteadyWriter, type SteadyWriter } from './support/steadyWriter';

const rounds = 15;
/** The longest that a server lives under load before it is killed, in ms. */
const longestLifeMs = 500;

it('a server that is killed at any instant has kept all that it acked, whole and in order', {
  timeout: 300_000,
}, async () => {
  const server = await startServer(['--limits', 'off']);
  const url = server.webSocketUrl;
  const writers = ['ann', 'bob', 'eve', 'kim'].map((name) =>
    createSteadyWriter({ url, name, window: 24, bodyOf: (id) => `${id} ${'心'.repeat(40)}` }),
  );
  for (let round = 1; round <= rounds; round += 1) {
    await Promise.all(writers.map((writer) => writer.connect()));
    await delay(Math.random() * longestLifeMs);
    await server.kill('SIGKILL');
    const found = await messagesIn(server.dataDir);
    checkKept(found, writers);
    await server.start();
  }

  // Everybody sends again what has no ack, and much that has one.
  for (const writer of writers) writer.finish();
  await Promise.all(writers.map((writer) => writer.connect()));
  await expect.poll(() => writers.map((writer) => writer.unacked())).toEqual([0, 0, 0, 0]);
  for (const writer of writers) {
    const repeated = [...writer.acked.keys()].slice(-100);
    const before = writer.repeats;
    writer.repeat(repeated);
    await expect.poll(() => writer.repeats - before).toBe(repeated.length);
  }

  const { messages } = await readRoom(url);
  checkKept(messages, writers);
  const acked = writers.reduce((sum, writer) => sum + writer.acked.size, 0);
  expect(messages).toHaveLength(acked);
  expect(acked).toBeGreaterThan(rounds * 20);
  expect(writers.flatMap(({ complaints }) => complaints)).toEqual([]);
});

/** Everything in the log, as a crash has left its files. */
async function messagesIn(dataDir: string): Promise<LoggedMessage[]> {
  const copy = await mkdtemp(join(tmpdir(), 'heartline-copy-'));
  onTestFinished(() => rm(copy, { recursive: true, force: true }));
  await cp(dataDir, copy, { recursive: true });
  const store = openSqliteStore(openDatabase(join(copy, 'log.sqlite')), undefined);
  const { messages } = store.after('lobby', 0, { messages: 1_000_000, length: 1_000_000_000 });
  store.close();
  await rm(copy, { recursive: true, force: true });
  return messages;
}

/** No hole, nothing twice, every ack true, and each person's messages in the order of their writing. */
function checkKept(messages: readonly LoggedMessage[], writers: readonly SteadyWriter[]): void {
  expect(messages.every(({ seq }, index) => seq === index + 1)).toBe(true);
  for (const { acked, userId } of writers) {
    const own = messages.filter(({ from }) => from.id === userId);
    const numbers = own.map(({ id }) => Number(id.split('-')[1]));
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    const kept = new Map(own.map(({ id, seq, mid }) => [id, { seq, mid }]));
    const lost = [...acked].filter(([id, { seq, mid }]) => {
      const there = kept.get(id);
      return there?.seq !== seq || there.mid !== mid;
    });
    expect(lost).toEqual([]);
  }
}
