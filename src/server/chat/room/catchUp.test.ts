import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../../../protocol/limits';
import type { LoggedMessage, Position } from '../../../protocol/message';
import { LogUnavailableError } from '../../log/log';
import { createMemoryLog } from '../../log/memoryLog';
import { createTestChat, settle, type TestChat, type TestClient } from '../testChat';

const room = 'tea';

/** A chat in whose room `count` messages have been said. */
async function chatWith(count: number) {
  const log = createMemoryLog('epoch-1');
  const from = { id: 'old', name: 'Old' };
  for (let n = 1; n <= count; n += 1) {
    await log.append({ room, from, id: `i${n}`, mid: `m${n}`, body: `b${n}`, at: n });
  }
  return createTestChat(log);
}

async function resumed(chat: TestChat, position: Position): Promise<TestClient> {
  const client = chat.connect();
  client.send({ t: 'auth', name: 'Ann', resume: [{ room, ...position }] });
  await settle();
  return client;
}

const seqsOf = ({ messages }: { messages: LoggedMessage[] }) => messages.map(({ seq }) => seq);

describe('a room joined for the first time', () => {
  it('is shown from its newest page', async () => {
    const chat = await chatWith(limits.pageMessages + 3);
    const ann = await chat.enter('Ann', room);
    const page = ann.last('sync');
    expect(page).toMatchObject({ room, epoch: 'epoch-1', head: 503, more: false });
    expect(page.reset).toBeUndefined();
    expect(seqsOf(page)).toEqual(Array.from({ length: 500 }, (_, index) => index + 4));
  });

  it('shows its older pages on request', async () => {
    const ann = await (await chatWith(9)).enter('Ann', room);
    ann.send(
      { t: 'history', room, before: 8, limit: 3 },
      { t: 'history', room, before: 3, limit: 3 },
    );
    await settle();
    expect(ann.all('history').map((page) => [seqsOf(page), page.more])).toEqual([
      [[5, 6, 7], true],
      [[1, 2], false],
    ]);
  });
});

describe('a room resumed', () => {
  it('goes on after the last message read, and is joined', async () => {
    const chat = await chatWith(5);
    const ann = await resumed(chat, { epoch: 'epoch-1', seq: 3, mid: 'm3' });
    expect(ann.last('ready').rooms).toEqual([{ room, epoch: 'epoch-1', seq: 5 }]);
    expect(ann.last('sync')).toMatchObject({ head: 5, more: false });
    expect(ann.last('sync').reset).toBeUndefined();
    expect(seqsOf(ann.last('sync'))).toEqual([4, 5]);
    ann.send({ t: 'send', id: 'a', room, body: 'back' });
    await settle();
    expect(ann.last('msg').seq).toBe(6);
  });

  it('comes in pages, each asked for from the end of the one before', async () => {
    const chat = await chatWith(limits.pageMessages + 3);
    const ann = await resumed(chat, { epoch: 'epoch-1', seq: 0, mid: '' });
    expect(ann.last('sync')).toMatchObject({ head: 503, more: true });
    const last = ann.last('sync').messages.at(-1);
    expect(last?.seq).toBe(500);
    ann.send({ t: 'sync', room, epoch: 'epoch-1', seq: 500, mid: last?.mid ?? '' });
    await settle();
    expect(ann.last('sync').more).toBe(false);
    expect(seqsOf(ann.last('sync'))).toEqual([501, 502, 503]);
  });

  it.each([
    ['another log', { epoch: 'older', seq: 2, mid: 'm2' }, 'epoch'],
    ['another message at that place', { epoch: 'epoch-1', seq: 2, mid: 'other' }, 'diverged'],
    ['a place beyond the end', { epoch: 'epoch-1', seq: 9, mid: 'm9' }, 'diverged'],
    ['no message at a place', { epoch: 'epoch-1', seq: 2, mid: '' }, 'diverged'],
  ])('starts anew, saying why, when the reader has %s', async (_, position, reset) => {
    const ann = await resumed(await chatWith(5), position);
    expect(ann.last('sync')).toMatchObject({ reset, epoch: 'epoch-1', more: false });
    expect(seqsOf(ann.last('sync'))).toEqual([1, 2, 3, 4, 5]);
  });
});

describe('a page that cannot be read', () => {
  it('closes the line, so that the client asks again', async () => {
    const log = createMemoryLog('epoch-1');
    const chat = createTestChat({
      ...log,
      before: () => Promise.reject(new LogUnavailableError('I/O error')),
    });
    const ann = await chat.enter('Ann', room);
    expect(ann.closedWith).toBe(4005);
  });
});

/** A client that keeps what it reads, by the rules of the protocol, over any number of lines. */
function createReader(chat: TestChat, name: string) {
  let client: TestClient | undefined;
  let token: string | undefined;
  let seen = 0;
  const bySeq = new Map<number, LoggedMessage>();
  const unacked = new Map<string, string>();

  function contiguous(): LoggedMessage[] {
    const messages: LoggedMessage[] = [];
    for (let next = bySeq.get(1); next; next = bySeq.get(messages.length + 1)) messages.push(next);
    return messages;
  }

  function position(): Position {
    const last = contiguous().at(-1);
    return { epoch: 'epoch-1', seq: last?.seq ?? 0, mid: last?.mid ?? '' };
  }

  /** Takes in what has come, and asks for what is missing. True if there was anything to do. */
  function read(): boolean {
    const fresh = client?.received.slice(seen) ?? [];
    seen += fresh.length;
    let isBehind = false;
    for (const frame of fresh) {
      if (frame.t === 'ready') token = frame.token;
      if (frame.t === 'ack') unacked.delete(frame.id);
      if (frame.t === 'msg') bySeq.set(frame.seq, frame);
      if (frame.t !== 'sync') continue;
      for (const message of frame.messages) bySeq.set(message.seq, message);
      isBehind ||= frame.more;
    }
    if (isBehind) client?.send({ t: 'sync', room, ...position() });
    return fresh.length > 0;
  }

  const transmit = (id: string, body: string) => client?.send({ t: 'send', id, room, body });

  return {
    connect() {
      if (client) return;
      client = chat.connect();
      seen = 0;
      const resume = [{ room, ...position() }];
      client.send({ t: 'auth', name, resume, ...(token && { token }) });
      for (const [id, body] of unacked) transmit(id, body);
    },
    say(id: string) {
      unacked.set(id, `${name} says ${id}`);
      transmit(id, `${name} says ${id}`);
    },
    cut() {
      client?.end(1006);
      client = undefined;
    },
    read,
    isDone: () => unacked.size === 0,
    bodies: () => contiguous().map(({ seq, body }) => [seq, body]),
    all: () => bySeq.size,
  };
}

describe('several clients, whatever is said, cut and resumed in whatever order', () => {
  it('end with the same messages in the same order, each once', async () => {
    const step = fc.record({
      who: fc.integer({ min: 0, max: 2 }),
      what: fc.constantFrom('connect', 'say', 'say', 'say', 'cut', 'read'),
      settles: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const chat = createTestChat();
        const readers = ['Ann', 'Bob', 'Eve'].map((name) => createReader(chat, name));
        let said = 0;
        for (const { who, what, settles } of steps) {
          const reader = readers[who];
          if (what === 'say') {
            said += 1;
            reader?.say(`s${said}`);
          } else {
            reader?.[what]();
          }
          if (settles) await settle();
        }
        for (const reader of readers) reader.connect();
        do await settle();
        while (readers.map((reader) => reader.read()).includes(true));

        const [first] = readers;
        expect(readers.every((reader) => reader.isDone())).toBe(true);
        for (const reader of readers) {
          expect(reader.bodies()).toEqual(first?.bodies());
          // Without a token read before the cut, the same id is another guest's: it may be there twice.
          expect(reader.all()).toBe(reader.bodies().length);
        }
        const bodies = new Set(first?.bodies().map(([, body]) => body));
        expect(bodies.size).toBe(said);
        expect(chat.errors).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
