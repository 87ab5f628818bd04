import { describe, expect, it } from 'vitest';
import { createManualTime } from '../../testing/manualTime';
import { settle } from '../../testing/settle';
import { LogUnavailableError } from '../log/log';
import { createSubscriptions, type SubscribingLine } from './subscriptions';

const lingerMs = 30_000;

/** A connection that answers when the test says so. */
function createLine() {
  const asked: string[] = [];
  const ended: string[] = [];
  const answers: ((error?: Error) => void)[] = [];
  const line: SubscribingLine = {
    subscribe(channel) {
      asked.push(channel);
      return new Promise((resolve, reject) => {
        answers.push((error) => (error ? reject(error) : resolve()));
      });
    },
    async unsubscribe(channel) {
      ended.push(channel);
    },
  };
  return {
    line,
    asked,
    ended,
    answer: async (error?: Error) => {
      answers.shift()?.(error);
      await settle();
    },
  };
}

function opened() {
  const time = createManualTime();
  const openings: string[] = [];
  const subscriptions = createSubscriptions({
    time,
    lingerMs,
    opened: (channel) => openings.push(channel),
  });
  const connection = createLine();
  return { time, openings, subscriptions, connection };
}

describe('a channel', () => {
  it('is ready once that is confirmed', async () => {
    const { subscriptions, connection, openings } = opened();
    subscriptions.use(connection.line);
    subscriptions.want('a');
    let isReady = false;
    const ready = subscriptions.ready('a').then(() => {
      isReady = true;
    });
    await settle();
    expect([isReady, connection.asked]).toEqual([false, ['a']]);
    await connection.answer();
    await ready;
    expect([openings, subscriptions.isOpen('a')]).toEqual([['a'], true]);
    await subscriptions.ready('a');
    expect(connection.asked).toEqual(['a']);
  });

  it('is not ready where it is refused, and asked for again at the next call', async () => {
    const { subscriptions, connection, openings } = opened();
    subscriptions.use(connection.line);
    subscriptions.want('a');
    const refused = expect(subscriptions.ready('a')).rejects.toThrow(
      'Redis could not be listened to: NOPERM',
    );
    await connection.answer(new Error('NOPERM'));
    await refused;
    const ready = subscriptions.ready('a');
    await connection.answer();
    await ready;
    expect(openings).toEqual(['a']);
    expect(connection.asked).toEqual(['a', 'a']);
  });

  it('is not ready without a connection, nor where nobody wants it', async () => {
    const { subscriptions } = opened();
    subscriptions.want('a');
    await expect(subscriptions.ready('a')).rejects.toThrow(LogUnavailableError);
    await expect(subscriptions.ready('b')).rejects.toThrow(LogUnavailableError);
  });

  it('is asked for on every connection, and what an earlier one says counts for nothing', async () => {
    const { subscriptions, connection, openings } = opened();
    subscriptions.use(connection.line);
    subscriptions.want('a');
    const stale = expect(subscriptions.ready('a')).rejects.toThrow('Redis was connected anew');
    const next = createLine();
    subscriptions.use(undefined);
    subscriptions.use(next.line);
    await connection.answer();
    await stale;
    expect([openings, subscriptions.isOpen('a')]).toEqual([[], false]);
    await next.answer();
    expect([openings, subscriptions.isOpen('a')]).toEqual([['a'], true]);
  });

  it('that was refused is asked for again when told to, and one that is open is not', async () => {
    const { subscriptions, connection } = opened();
    subscriptions.use(connection.line);
    subscriptions.want('a');
    await connection.answer(new Error('busy'));
    subscriptions.retry('a');
    await connection.answer();
    subscriptions.retry('a');
    subscriptions.retry('b');
    expect(connection.asked).toEqual(['a', 'a']);
  });
});

describe('a channel that nobody wants any more', () => {
  async function dropped() {
    const world = opened();
    world.subscriptions.use(world.connection.line);
    world.subscriptions.want('a');
    await world.connection.answer();
    world.subscriptions.drop('a');
    return world;
  }

  it('is listened to for a while, and then no more', async () => {
    const { time, subscriptions, connection } = await dropped();
    time.advance(lingerMs - 1);
    expect([connection.ended, subscriptions.isOpen('a')]).toEqual([[], true]);
    time.advance(1);
    expect([connection.ended, subscriptions.isOpen('a')]).toEqual([['a'], false]);
    expect(time.armed).toBe(0);
  });

  it('goes on without another word where it is wanted again in time', async () => {
    const { time, subscriptions, connection } = await dropped();
    time.advance(lingerMs - 1);
    subscriptions.want('a');
    await subscriptions.ready('a');
    time.advance(10 * lingerMs);
    expect([connection.asked, connection.ended]).toEqual([['a'], []]);
    expect(time.armed).toBe(0);
  });

  it('is not asked for on the next connection', async () => {
    const { time, subscriptions } = await dropped();
    const next = createLine();
    subscriptions.use(next.line);
    expect([next.asked, next.ended, time.armed]).toEqual([[], [], 0]);
  });

  it('is let go of even if it was not confirmed by then', () => {
    const { time, subscriptions, connection } = opened();
    subscriptions.use(connection.line);
    subscriptions.want('a');
    subscriptions.drop('a');
    time.advance(lingerMs);
    expect(connection.ended).toEqual(['a']);
  });

  it('leaves no timer at the end', async () => {
    const { time, subscriptions, connection } = await dropped();
    subscriptions.want('b');
    subscriptions.clear();
    expect(time.armed).toBe(0);
    expect(connection.ended).toEqual([]);
  });
});
