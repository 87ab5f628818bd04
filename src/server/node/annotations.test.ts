/**
 * Whatever two people do to each other's messages: the same comes of it over the log in memory and over
 * the one in SQLite, and who read along has what a page says to who comes later.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ClientFrameOf, ServerFrame, ServerFrameOf } from '../../protocol/frames';
import type { LoggedMessage } from '../../protocol/message';
import { createTestChat, type TestClient } from '../chat/testChat';
import { anyDeeds, type Deed, fold } from '../log/annotationModel';
import type { MessageLog } from '../log/log';
import { createMemoryLog } from '../log/memoryLog';
import { openSqliteStore } from '../log/sqliteStore';
import { openDatabase } from './sqliteDriver';
import { logOver } from './storeInThread';

const ample = { messages: 1_000, length: 1_000_000 };

/** What a client is told of what it sent, in order. */
const answersOf = ({ received }: TestClient) =>
  received.filter((frame) => frame.t === 'ack' || (frame.t === 'err' && frame.id !== undefined));

const isOf = <T extends ServerFrame['t']>(frame: ServerFrame, t: T): frame is ServerFrameOf<T> =>
  frame.t === t;

async function run(log: MessageLog, bursts: readonly Deed[][]) {
  const chat = createTestChat(log);
  const writers = { ann: await chat.enter('Ann', 'tea'), bob: await chat.enter('Bob', 'tea') };
  const reader = await chat.enter('Eve', 'tea');
  await expect.poll(() => reader.all('sync')).toHaveLength(1);
  const sent = { ann: [] as string[], bob: [] as string[] };

  for (const deeds of bursts) {
    const known = reader.all('msg');
    for (const deed of deeds) {
      const { author } = deed;
      const frame = frameOf(deed, sent.ann.length + sent.bob.length, known);
      const frames = deed.repeats ? [frame, frame] : [frame];
      sent[author].push(...frames.map(({ id }) => id));
      writers[author].send(...frames);
    }
    // All of a burst is on its way at once.
    for (const author of ['ann', 'bob'] as const) {
      await expect
        .poll(() => answersOf(writers[author]), { interval: 1 })
        .toHaveLength(sent[author].length);
    }
  }

  const answers = { ann: answersOf(writers.ann), bob: answersOf(writers.bob) };
  for (const author of ['ann', 'bob'] as const) {
    expect(answers[author].map((frame) => 'id' in frame && frame.id)).toEqual(sent[author]);
    const fresh = answers[author].filter((frame) => isOf(frame, 'ack') && !frame.dup);
    const seqs = fresh.map((frame) => (isOf(frame, 'ack') ? frame.seq : 0));
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
  }
  const told = reader.all('msg');
  expect(told.map(({ seq }) => seq)).toEqual(told.map((_, index) => index + 1));
  const { messages } = await log.after('tea', 0, ample);
  expect(messages).toEqual(fold(told));
  const end = await log.head('tea');
  await log.close();
  return { answers, told, messages, end };
}

function frameOf(
  { kind, target }: Deed,
  n: number,
  known: readonly LoggedMessage[],
): ClientFrameOf<'send'> {
  const body = { say: `text ${n}`, reply: `reply ${n}`, edit: `edit ${n}`, delete: '' };
  const frame = { t: 'send', id: `id-${n}`, room: 'tea' } as const;
  if (kind === 'say') return { ...frame, body: body.say };
  const { seq = 99, mid = 'nothing' } = known[target] ?? {};
  const text = kind === 'react' || kind === 'unreact' ? '👍' : body[kind];
  return { ...frame, body: text, about: { kind, seq, mid } };
}

it('whatever two people do, every log and every reader has the same of it', async () => {
  await fc.assert(
    fc.asyncProperty(anyDeeds, async (bursts) => {
      const inMemory = await run(createMemoryLog('epoch-1'), bursts);
      const store = openSqliteStore(openDatabase(':memory:'), 'epoch-1');
      expect(await run(logOver(store).log, bursts)).toEqual(inMemory);
    }),
    { numRuns: 15 },
  );
});
