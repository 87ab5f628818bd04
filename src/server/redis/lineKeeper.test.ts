import { describe, expect, it } from 'vitest';
import { createManualTime } from '../../testing/manualTime';
import { settle } from '../../testing/settle';
import { createLineKeeper } from './lineKeeper';
import type { LineListener, ListeningLine } from './listeningLine';

/** Lines that open when the test says so. */
function opened() {
  const time = createManualTime();
  const events: string[] = [];
  const attempts: { listener: LineListener; open(): void; fail(): void }[] = [];
  const keeper = createLineKeeper({
    time,
    random: () => 0.5,
    open(listener, signal) {
      const number = attempts.length + 1;
      let isOpen = false;
      signal.addEventListener('abort', () => {
        if (!isOpen) events.push(`gave up ${number}`);
      });
      return new Promise((resolve, reject) => {
        const line: ListeningLine = {
          subscribe: async () => {},
          unsubscribe: async () => {},
          close: () => events.push(`closed ${number}`),
        };
        attempts.push({
          listener,
          open() {
            isOpen = true;
            resolve(line);
          },
          fail: () => reject(new Error(`no ${number}`)),
        });
      });
    },
    heard: (channel, text) => events.push(`${channel}: ${text}`),
    opened: () => events.push('opened'),
    troubled: (reason) => events.push(reason),
  });
  return {
    time,
    keeper,
    events,
    attempts,
    async answer(how: 'open' | 'fail') {
      attempts.at(-1)?.[how]();
      await settle();
    },
  };
}

describe('a line to Redis', () => {
  it('is opened, and what is heard on it is told', async () => {
    const { keeper, answer, attempts, events } = opened();
    const started = keeper.start();
    await answer('open');
    await started;
    attempts[0]?.listener.heard('room', 'hello');
    expect(events).toEqual(['opened', 'room: hello']);
  });

  it('that cannot be opened at first is not tried again', async () => {
    const { keeper, answer, attempts, time } = opened();
    const started = expect(keeper.start()).rejects.toThrow('no 1');
    await answer('fail');
    await started;
    time.advance(60_000);
    expect(attempts.length).toBe(1);
  });

  it('goes on in its trouble until another one is open', async () => {
    const { keeper, answer, attempts, events, time } = opened();
    void keeper.start();
    await answer('open');
    attempts[0]?.listener.troubled('lost');
    time.advance(25);
    await answer('fail');
    expect(events).toEqual(['opened', 'lost']);
    time.advance(50);
    await answer('open');
    expect(events).toEqual(['opened', 'lost', 'closed 1', 'opened']);
    expect(time.armed).toBe(0);
  });

  it('is tried ever more rarely, but every second at least', async () => {
    const { keeper, answer, attempts, time } = opened();
    void keeper.start();
    await answer('open');
    attempts[0]?.listener.troubled('lost');
    const waits: number[] = [];
    for (let tries = 0; tries < 7; tries += 1) {
      const waitMs = (time.nextDueAt ?? Infinity) - time.now();
      waits.push(waitMs);
      time.advance(waitMs);
      await answer('fail');
    }
    expect(waits).toEqual([25, 50, 100, 200, 400, 500, 500]);
  });

  it('of which nothing is wanted any more is ended, and one that opens too late with it', async () => {
    const { keeper, answer, attempts, events, time } = opened();
    void keeper.start();
    await answer('open');
    attempts[0]?.listener.troubled('lost');
    time.advance(25);
    events.splice(0);
    keeper.stop();
    await answer('open');
    expect(events).toEqual(['gave up 2', 'closed 1', 'closed 2']);
    attempts[0]?.listener.troubled('again');
    expect(time.armed).toBe(0);
  });
});
