/** Single commands on their way to nodes that do what a test tells them. */
import { SimpleError } from 'redis';
import { describe, expect, it } from 'vitest';
import { createManualTime } from '../../testing/manualTime';
import { LogUnavailableError, RoomUnavailableError } from '../log/log';
import { createRedisLine, type NodeClient } from './redisLine';

/** Answers when the test says so. */
function createNode() {
  const asked: { args: readonly string[]; answer(reply: unknown): void; fail(e: Error): void }[] =
    [];
  const node: NodeClient & { isReady: boolean } = {
    isReady: true,
    sendCommand: (args) =>
      new Promise((answer, fail) => {
        asked.push({ args, answer, fail });
      }),
  };
  return { node, asked };
}

function opened() {
  const time = createManualTime();
  const [one, other] = [createNode(), createNode()];
  const followed: string[] = [];
  const wrongTypes: string[] = [];
  const line = createRedisLine({
    nodes: {
      nodeOf: (key) => (key.startsWith('1') ? one.node : other.node),
      async follow(key) {
        followed.push(key);
        return 'there';
      },
      lastError: () => 'ECONNRESET',
    },
    time,
    commandTimeoutMs: 1_000,
    onWrongType: (key) => wrongTypes.push(key),
  });
  return { line, one, other, time, followed, wrongTypes };
}

const failureOf = (call: Promise<unknown>) => call.catch((error: unknown) => error);

describe('a command', () => {
  it('leaves no timer once it is answered', async () => {
    const { line, one, time } = opened();
    const [reply, failure] = [line.send('1', 'GET'), failureOf(line.send('1', 'GET'))];
    expect(time.armed).toBe(2);
    one.asked[0]?.answer('x');
    one.asked[1]?.fail(new SimpleError('ERR no'));
    expect(await reply).toBe('x');
    expect(await failure).toBeInstanceOf(SimpleError);
    expect(time.armed).toBe(0);
  });

  it('that finds something of another type at its key may succeed once that is put right', async () => {
    const { line, one, wrongTypes } = opened();
    const failure = failureOf(line.send('1', 'GET', '1'));
    one.asked[0]?.fail(new SimpleError('WRONGTYPE no'));
    expect(await failure).toBeInstanceOf(RoomUnavailableError);
    expect(wrongTypes).toEqual(['1']);
  });

  it('is not sent to a node that owes an answer for too long, until that comes', async () => {
    const { line, one, other, time } = opened();
    const late = failureOf(line.send('1', 'GET'));
    time.advance(1_000);
    expect(await late).toBeInstanceOf(LogUnavailableError);
    await expect(line.send('1', 'GET')).rejects.toThrow('Redis does not answer');
    expect(one.asked).toHaveLength(1);
    const elsewhere = line.send('2', 'GET');
    other.asked[0]?.answer('y');
    expect(await elsewhere).toBe('y');
    one.asked[0]?.answer('late');
    await Promise.resolve();
    const next = line.send('1', 'GET');
    one.asked[1]?.answer('z');
    expect(await next).toBe('z');
  });

  it('is sent again to a node whose connection ended', async () => {
    const { line, one, time } = opened();
    const late = failureOf(line.send('1', 'GET'));
    time.advance(1_000);
    await late;
    one.node.isReady = false;
    one.asked[0]?.fail(new Error('Socket closed unexpectedly'));
    await expect(line.send('1', 'GET')).rejects.toThrow('Redis is away: ECONNRESET');
    one.node.isReady = true;
    const next = line.send('1', 'GET');
    one.asked[1]?.answer('z');
    expect(await next).toBe('z');
  });
});

describe('commands that wait for replicas', () => {
  const wait = { replicas: 2, timeoutMs: 500 };
  const commands = ['1a', '2a', '1b'].map((key) => ({ key, args: ['SET', key] }));

  it('are followed by one wait at each node, which counts for all there', async () => {
    const { line, one, other } = opened();
    const results = line.sendAll(commands, wait);
    const argsOf = ({ asked }: typeof one) => asked.map(({ args }) => args.join(' '));
    expect(argsOf(one)).toEqual(['SET 1a', 'SET 1b', 'WAIT 2 500']);
    expect(argsOf(other)).toEqual(['SET 2a', 'WAIT 2 500']);
    for (const { asked } of [one, other]) {
      for (const { args, answer } of asked) answer(args[0] === 'WAIT' ? 2 : args[1]);
    }
    expect(await results).toMatchObject([{ value: '1a' }, { value: '2a' }, { value: '1b' }]);
  });

  it('succeed where enough have them, and are refused elsewhere', async () => {
    const { line, one, other, time } = opened();
    const results = line.sendAll(commands, wait);
    for (const { args, answer } of one.asked) answer(args[0] === 'WAIT' ? 2 : 'OK');
    for (const { args, answer } of other.asked) answer(args[0] === 'WAIT' ? 1 : 'OK');
    expect(await results).toMatchObject([
      { value: 'OK' },
      { reason: new LogUnavailableError('1 of 2 replicas have it (REDIS_REPLICAS asks for 2)') },
      { value: 'OK' },
    ]);
    expect(time.armed).toBe(0);
  });

  it('have the time of the wait besides their own', async () => {
    const { line, time } = opened();
    const results = line.sendAll(commands.slice(0, 1), wait);
    time.advance(1_499);
    expect(time.armed).toBe(2);
    time.advance(1);
    expect(await results).toMatchObject([{ reason: expect.any(LogUnavailableError) }]);
  });
});

describe('a key that has moved', () => {
  it.each(['MOVED 1 127.0.0.1:7001', 'ASK 1 127.0.0.1:7001'])('is followed: %s', async (said) => {
    const { line, one, followed } = opened();
    const reply = line.send('1', 'GET');
    one.asked[0]?.fail(new SimpleError(said));
    expect(await reply).toBe('there');
    expect(followed).toEqual(['1']);
  });

  it('is refused once where replicas are waited for: nobody has waited for those there', async () => {
    const { line, one } = opened();
    const results = line.sendAll([{ key: '1', args: ['SET'] }], { replicas: 1, timeoutMs: 1 });
    one.asked[0]?.fail(new SimpleError('MOVED 1 127.0.0.1:7001'));
    one.asked[1]?.answer(1);
    expect(await results).toMatchObject([{ reason: expect.any(LogUnavailableError) }]);
  });
});
