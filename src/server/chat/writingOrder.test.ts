import { describe, expect, it } from 'vitest';
import { LogUnavailableError, type MessageLog } from '../log/log';
import { createMemoryLog } from '../log/memoryLog';
import { createTestChat, settle } from './testChat';
import { WritingOrder } from './writingOrder';

const patienceMs = 5_000;

/** The order in one room, at a time that stands still unless it is given. */
function createOrder() {
  const order = new WritingOrder();
  return {
    order,
    mayGo: (id: string, nowMs = 0) => order.mayGo('tea', id, nowMs),
    refused: (...ids: string[]) => {
      for (const id of ids) order.refused('tea', id, 0);
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

  it('has them come again one behind the other', () => {
    const { order } = createOrder();
    expect(order.afterMs('tea', 0, 2_000)).toBe(2_000);
    expect(order.afterMs('tea', 10, 1_000)).toBe(1_991);
    expect(order.afterMs('tea', 1_500, 3_000)).toBe(502);
    // The time has come: whoever is refused again begins anew.
    expect(order.afterMs('tea', 2_002, 1_500)).toBe(1_500);
  });

  it('is one of each room', () => {
    const { order, refused } = createOrder();
    refused('a');
    expect(order.mayGo('attic', 'b', 0)).toBe(true);
  });

  it('remembers only so much', () => {
    const { mayGo, refused } = createOrder();
    refused('a');
    for (let n = 0; n < 256; n += 1) mayGo(`flood ${n}`);
    expect(mayGo('after it')).toBe(true);
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
