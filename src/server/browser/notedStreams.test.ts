import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import { companionRoom } from '../../protocol/program';
import { createIdSeries } from '../chat/people/idSeries';
import { shownTexts } from '../chat/room/testReader';
import { createTestChat, type TestClient } from '../chat/testChat';
import { createLaterCompanion } from '../companion/laterCompanion';
import { createMemoryLog } from '../log/memoryLog';
import { createLaterStreams } from './laterStreams';
import { openStreamNotes } from './streamNotes';
import { newName } from './testDatabase';

const shown = (client: TestClient) => Object.values(shownTexts(client.received));

/** Servers one after the other, on the same log and the same database. */
function createWorld() {
  const name = newName();
  const log = createMemoryLog('epoch-1');
  let lives = 0;
  return {
    /** One that nobody ends: it may be gone at any time. */
    startServer() {
      lives += 1;
      const chat = createTestChat(log, { streams: (options) => createLaterStreams(options, name) });
      const newId = createIdSeries(`companion-${lives}`);
      const { server, tokens, time, errors } = chat;
      createLaterCompanion({
        ...{ chat: server, tokens, time, newId },
        onError: (error) => errors.push(error),
      });
      return chat;
    },
    async noted() {
      const notes = await openStreamNotes(name, () => {});
      const all = await notes.all();
      notes.close();
      return all.map(({ text }) => text);
    },
  };
}

it('what a program wrote when its server ended without a word is kept as broken off', async () => {
  const { startServer, noted } = createWorld();
  const first = startServer();
  const ann = await first.enter('Ann', companionRoom);
  first.time.advance(1_000);
  // Its code is fetched.
  await expect.poll(() => shown(ann), { timeout: 10_000 }).toHaveLength(1);
  ann.send({ t: 'send', id: 'a', room: companionRoom, body: '/stream' });
  await expect.poll(() => shown(ann).some((text) => text.endsWith('…'))).toBe(true);
  for (let pieces = 0; pieces < 3; pieces += 1) {
    first.time.advance(330);
    await Promise.resolve();
  }
  await expect.poll(async () => (await noted())[0]?.length).toBeGreaterThan(20);
  const [written = ''] = await noted();

  const second = startServer();
  const again = await second.enter('Ann', companionRoom);
  second.time.advance(1_000);
  await expect.poll(() => shown(again)).toContain(`${written}†`);
  await expect.poll(noted).toEqual([]);
});

it('what a person wrote is there again, and they may go on with it', async () => {
  const { startServer, noted } = createWorld();
  const first = startServer();
  const ann = await first.enter('Ann', 'tea');
  for (const [id, text] of [
    ['a', 'to the end'],
    ['b', 'half of i'],
  ] as const)
    ann.send({ t: 'stream', id, room: 'tea', at: 0, text });
  await expect.poll(noted).toEqual(['to the end', 'half of i']);

  const second = startServer();
  const back = await second.enter('Ann', 'tea');
  const bob = await second.enter('Bob', 'tea');
  second.time.advance(1_000);
  await expect.poll(() => shown(bob)).toEqual(['to the end…', 'half of i…']);
  back.send({ t: 'send', id: 'a', room: 'tea', body: 'to the end.' });
  await expect.poll(() => shown(bob)).toContain('to the end.');
  back.end(1000);
  await expect.poll(() => shown(bob)).toEqual(['to the end.', 'half of i†']);
  await expect.poll(noted).toEqual([]);
});

it('of what was sent, broken off or ended by its server nothing stays noted', async () => {
  const { startServer, noted } = createWorld();
  const { enter, server } = startServer();
  const ann = await enter('Ann', 'tea');
  for (const id of ['a', 'b', 'c'])
    ann.send({ t: 'stream', id, room: 'tea', at: 0, text: `text of ${id}` });
  await expect.poll(noted).toHaveLength(3);
  ann.send({ t: 'send', id: 'a', room: 'tea', body: 'text of a' });
  ann.send({ t: 'stream', id: 'b', room: 'tea', at: 9, text: '', cut: true });
  await expect.poll(noted).toEqual(['text of c']);
  await server.drain([500, 3_000]);
  await expect.poll(noted).toEqual([]);
  expect(shown(ann)).toEqual(['text of a', 'text of b†', 'text of c†']);
});
