import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LogUnavailableError, type MessageLog } from '../../log/log';
import { createMemoryLog } from '../../log/memoryLog';
import { createTestChat, settle } from '../testChat';
import { WritingOrder } from './writingOrder';

const patienceMs = 5_000;

/** The order in one room, at a time that stands still unless it is given. */
function createOrder() {
  const order = new WritingOrder();
  const places = new Map<string, number>();
  let came = 0;
  const comes = (id: string) => {
    came += 1;
    places.set(id, came);
    return came;
  };
  return {
    order,
    /** It has come, and nobody has said yet whether it may go. */
    comes: (...ids: string[]) => {
      for (const id of ids) comes(id);
    },
    mayGo: (id: string, nowMs = 0) => order.mayGo('tea', id, comes(id), nowMs),
    refused: (...ids: string[]) => {
      for (const id of ids) order.refused('tea', id, places.get(id) ?? comes(id), 0);
    },
    answered: (id: string) => order.answered('tea', id),
  };
}

describe('the order of writing', () => {
  it('holds nobody up as long as nothing was refused', () => {
    const { mayGo } = createOrder();
    expect(mayGo('a')).toBe(true);
    expect(mayGo('b')).toBe(true);
  });

  it('holds back what comes behind a message that was refused, until that has come again', () => {
    const { mayGo, refused, answered } = createOrder();
    refused('a');
    expect(mayGo('b')).toBe(false);
    expect(mayGo('c')).toBe(false);
    expect(mayGo('a')).toBe(true);
    expect(mayGo('c')).toBe(false);
    expect(mayGo('b')).toBe(true);
    expect(mayGo('c')).toBe(true);
    for (const id of ['a', 'b', 'c']) answered(id);
    // Nothing is left of it: whoever is refused next begins anew.
    expect(mayGo('new')).toBe(true);
  });

  it('is that of coming, whichever of them is refused first', () => {
    const { comes, mayGo, refused } = createOrder();
    comes('a', 'file', 'b');
    refused('file', 'b', 'a');
    expect(mayGo('file')).toBe(false);
    expect(mayGo('a')).toBe(true);
    expect(mayGo('file')).toBe(true);
    expect(mayGo('b')).toBe(true);
  });

  it('keeps the place of one that is refused again', () => {
    const { mayGo, refused } = createOrder();
    refused('a', 'b');
    expect(mayGo('a')).toBe(true);
    refused('a');
    expect(mayGo('b')).toBe(false);
    expect(mayGo('a')).toBe(true);
    expect(mayGo('b')).toBe(true);
  });

  it('knows the place of what is on its way while what came behind it is held back', () => {
    const { mayGo, refused } = createOrder();
    refused('a');
    expect(mayGo('a')).toBe(true);
    expect(mayGo('b')).toBe(true);
    refused('a');
    expect(mayGo('c')).toBe(false);
    refused('b');
    // The client had not heard of the last when it sent the others again.
    expect(mayGo('a')).toBe(true);
    expect(mayGo('c')).toBe(false);
    expect(mayGo('b')).toBe(true);
    expect(mayGo('c')).toBe(true);
  });

  it('takes something new once all before it have gone', () => {
    const { mayGo, refused } = createOrder();
    refused('a');
    expect(mayGo('a')).toBe(true);
    expect(mayGo('new')).toBe(true);
  });

  it('waits only so long for what does not come again', () => {
    const { mayGo, refused } = createOrder();
    refused('a');
    expect(mayGo('b', patienceMs - 1)).toBe(false);
    expect(mayGo('b', patienceMs)).toBe(true);
  });

  it('waits no longer for what came behind it and does not come again either', () => {
    const { mayGo, refused } = createOrder();
    refused('a');
    for (let nowMs = 1; nowMs < patienceMs; nowMs += 1_000) {
      expect(mayGo(`dropped ${nowMs}`, nowMs)).toBe(false);
    }
    expect(mayGo('b', patienceMs)).toBe(true);
  });

  it('has them come again one behind the other', () => {
    const { order, refused } = createOrder();
    refused('a', 'b', 'c');
    expect(order.afterMs('tea', 'a', 0, 2_000, 'log')).toBe(2_000);
    expect(order.afterMs('tea', 'b', 10, 1_000, 'log')).toBe(1_991);
    expect(order.afterMs('tea', 'c', 1_500, 3_000, 'order')).toBe(502);
    // The first has come again: whoever is refused from now on does not come right behind the others.
    expect(order.afterMs('tea', 'a', 2_000, 1_500, 'log')).toBe(1_500);
    expect(order.afterMs('tea', 'b', 2_001, 1_000, 'order')).toBe(1_500);
    expect(order.afterMs('tea', 'c', 2_002, 1_000, 'order')).toBe(1_500);
  });

  it('has what would overtake come soon, but ever later, while what is before it is late', () => {
    const { order, mayGo, refused } = createOrder();
    refused('a');
    expect(order.afterMs('tea', 'a', 0, 2_000, 'log')).toBe(2_000);
    const tries: number[] = [];
    for (let nowMs = 2_003; !mayGo('b', nowMs); nowMs += tries.at(-1) ?? 0) {
      tries.push(order.afterMs('tea', 'b', nowMs, 1_000, 'order'));
    }
    expect(tries.slice(0, 6)).toEqual([20, 40, 80, 160, 320, 640]);
    expect(tries.length).toBeLessThan(12);
  });

  it('is one of each room', () => {
    const { order, refused } = createOrder();
    refused('a');
    expect(order.mayGo('attic', 'b', 2, 0)).toBe(true);
  });

  it('remembers only so much', () => {
    const { mayGo, refused } = createOrder();
    refused('a');
    for (let n = 0; n < 256; n += 1) mayGo(`flood ${n}`);
    expect(mayGo('after it')).toBe(true);
  });
});

interface Written {
  atMs: number;
  /** The client does not send it again once it was refused. */
  isDropped: boolean;
}

interface Outage {
  fromMs: number;
  forMs: number;
}

/** A client that writes these, and sends again what it does not drop when it is told to: what became of it. */
function chatThrough(written: readonly Written[], outages: readonly Outage[], wishedMs: number) {
  const order = new WritingOrder();
  const isAway = (nowMs: number) =>
    outages.some(({ fromMs, forMs }) => nowMs >= fromMs && nowMs < fromMs + forMs);
  const due = written.map(({ atMs }, n) => ({ n, atMs, isFirst: true }));
  const taken: { n: number; atMs: number }[] = [];
  const refusals: { n: number; atMs: number; by: 'log' | 'order' }[] = [];
  for (let turn = 0; due.length > 0 && turn < 100 * written.length; turn += 1) {
    due.sort((a, b) => a.atMs - b.atMs || Number(a.isFirst) - Number(b.isFirst) || a.n - b.n);
    const { n, atMs } = due.shift() ?? expect.fail('there was one');
    const mayGo = order.mayGo('tea', String(n), turn, atMs);
    if (mayGo && !isAway(atMs)) {
      order.answered('tea', String(n));
      taken.push({ n, atMs });
      continue;
    }
    if (mayGo) order.refused('tea', String(n), turn, atMs);
    const by = mayGo ? 'log' : 'order';
    refusals.push({ n, atMs, by });
    const againAtMs = atMs + order.afterMs('tea', String(n), atMs, wishedMs, by);
    if (!written[n]?.isDropped) due.push({ n, atMs: againAtMs, isFirst: false });
  }
  expect(due).toEqual([]);
  return { taken, refusals };
}

const outages = fc.array(
  fc.record({ fromMs: fc.nat(20_000), forMs: fc.integer({ min: 1, max: 8_000 }) }),
  { minLength: 1, maxLength: 3 },
);
const wishedMs = fc.integer({ min: 1_000, max: 3_000 });
const writtenBy = (isDropped: fc.Arbitrary<boolean>) =>
  fc
    .array(fc.record({ atMs: fc.nat(30_000), isDropped }), { minLength: 1, maxLength: 60 })
    .map((all) => all.sort((a, b) => a.atMs - b.atMs));

describe('the order of writing, whatever the log does', () => {
  it('is kept, and everything arrives, where all come again', () => {
    fc.assert(
      fc.property(writtenBy(fc.constant(false)), outages, wishedMs, (written, away, wished) => {
        const { taken } = chatThrough(written, away, wished);
        expect(taken.map(({ n }) => n)).toEqual(written.map((_, n) => n));
      }),
    );
  });

  it('is kept among those that come again, and each arrives, though others do not', () => {
    fc.assert(
      fc.property(writtenBy(fc.boolean()), outages, wishedMs, (written, away, wished) => {
        const { taken } = chatThrough(written, away, wished);
        const order = taken.map(({ n }) => n);
        expect(order).toEqual([...order].sort((a, b) => a - b));
        const kept = written.flatMap(({ isDropped }, n) => (isDropped ? [] : [n]));
        expect(order).toEqual(expect.arrayContaining(kept));
      }),
    );
  });

  it('holds nobody up for longer than it waits, who sends nothing again', () => {
    fc.assert(
      fc.property(writtenBy(fc.constant(true)), outages, wishedMs, (written, away, wished) => {
        const { refusals } = chatThrough(written, away, wished);
        const byLog = refusals.filter(({ by }) => by === 'log');
        for (const { atMs } of refusals) {
          expect(byLog.some((log) => log.atMs <= atMs && atMs - log.atMs < patienceMs)).toBe(true);
        }
      }),
    );
  });
});

describe('a connection whose log is away for one message', () => {
  it('has its messages in the order in which they were written', async () => {
    const memory = createMemoryLog('epoch-1');
    let isAway = true;
    const log: MessageLog = {
      ...memory,
      async append(draft) {
        if (isAway) throw new LogUnavailableError('for a moment');
        return memory.append(draft);
      },
    };
    const { enter } = createTestChat(log);
    const ann = await enter('Ann', 'tea');
    const say = async (id: string) => {
      ann.send({ t: 'send', id, room: 'tea', body: id });
      await settle();
    };
    await say('a');
    isAway = false;
    await say('b');
    expect(ann.all('err').map(({ id, code }) => `${id} ${code}`)).toEqual([
      'a unavailable',
      'b unavailable',
    ]);
    for (const id of ['a', 'b', 'c']) await say(id);
    expect(ann.all('msg').map(({ seq, body }) => `${seq} ${body}`)).toEqual(['1 a', '2 b', '3 c']);
  });
});
