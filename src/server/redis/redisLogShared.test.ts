/** What gateways that share a log on Redis see of it, and hear of each other. */
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sharedRedis } from '../../e2e/support/redis';
import type { AboutSent } from '../../protocol/about';
import type { LoggedMessage } from '../../protocol/message';
import { draftOf } from '../log/draftOf';
import type { Appended, Draft, MessageLog } from '../log/log';
import type { RedisKeys } from './keys';
import type { RedisConnection } from './redisClient';
import { openRedisLog } from './redisLog';
import { newId, ownKeys, sharedConnection } from './testRedis';

const ample = { messages: 1_000, length: 10_000_000 };

describe('a log that two gateways append to', () => {
  const redis = sharedRedis();
  const connections = [sharedConnection(redis), sharedConnection(redis)];

  /** One log, as each of the gateways has it. */
  async function openBoth(): Promise<{ logs: MessageLog[]; keys: RedisKeys }> {
    const keys = ownKeys();
    const opening = connections.map((connection) =>
      openRedisLog({ connection: connection(), keys, newId }),
    );
    return { logs: await Promise.all(opening), keys };
  }

  it('has each message once and without a hole, and is the same for both', async () => {
    const oneAppend = fc.record({
      gateway: fc.nat({ max: 1 }),
      room: fc.constantFrom('tea', 'attic'),
      author: fc.constantFrom('ann', 'bob'),
      id: fc.nat({ max: 20 }).map(String),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(oneAppend, { maxLength: 20 }), { maxLength: 6 }),
        async (bursts) => {
          const { logs } = await openBoth();
          const answered: { draft: Draft; answer: Appended }[] = [];
          for (const burst of bursts) {
            const appends = burst.map(async ({ gateway, ...fields }) => {
              const draft = draftOf(fields);
              const answer = await logs[gateway]?.append(draft);
              if (answer) answered.push({ draft, answer });
            });
            await Promise.all(appends);
          }
          for (const room of ['tea', 'attic']) {
            const inRoom = answered.filter(({ draft }) => draft.room === room);
            const pages = await Promise.all(logs.map((log) => log.after(room, 0, ample)));
            const messages = pages[0]?.messages ?? [];
            expect(pages[1]?.messages).toEqual(messages);
            expect(
              new Set([...pages, ...inRoom.map((each) => each.answer)].map((each) => each.epoch))
                .size,
            ).toBe(1);
            expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_, index) => index + 1));
            // Each is there for the one that was told that it was new, and for every repeat of that.
            const fresh = inRoom.filter(({ answer }) => !answer.dup);
            expect(messages).toEqual(
              fresh
                .map(({ draft, answer: { seq } }) => loggedAs(draft, seq))
                .sort((one, other) => one.seq - other.seq),
            );
            for (const { draft, answer } of inRoom) {
              const { id, from, mid } = messages[answer.seq - 1] ?? {};
              expect([id, from, mid]).toEqual([draft.id, draft.from, answer.mid]);
            }
          }
          await Promise.all(logs.map((log) => log.close()));
        },
      ),
      { numRuns: 25 },
    );
  });

  it('tells all that listen exactly what was appended, in its order', async () => {
    const { logs, keys } = await openBoth();
    const [one, other] = logs;
    if (!one || !other) return expect.fail('no log');
    const listening = await listen(connections[0]?.(), keys.roomNews('tea'));

    const first = await one.append(draftOf({ body: '"quoted" 心\u0000' }));
    const about = (kind: AboutSent['kind']): AboutSent => ({
      kind,
      seq: first.seq,
      mid: first.mid,
    });
    const drafts = [
      ...Array.from({ length: 20 }, () => draftOf()),
      draftOf({ body: 'changed', about: about('edit') }),
      draftOf({ body: '👍', author: 'bob', about: about('react') }),
      draftOf({ body: 'no', author: 'bob', about: about('edit') }),
      draftOf({ body: '', about: about('delete') }),
      draftOf({ room: 'attic' }),
    ];
    const halves = [drafts.slice(0, 10), drafts.slice(10)];
    await Promise.allSettled(halves[0]?.map((draft) => one.append(draft)) ?? []);
    await Promise.allSettled(halves[1]?.map((draft) => other.append(draft)) ?? []);
    // A repeat is no news.
    const [repeated = draftOf()] = drafts;
    expect(await other.append(repeated)).toMatchObject({ dup: true });

    const news = await listening.untilNow();
    const told = news.flatMap((text) => parseNews(text).messages);
    const { messages, epoch } = await one.after('tea', 0, ample);
    expect(messages).toHaveLength(24);
    const asAppended = messages.map(({ edited: _, deleted: __, ...message }) => message);
    expect(told.map(({ body: _, ...message }) => message)).toEqual(
      asAppended.map(({ body: _, ...message }) => message),
    );
    // As they were when they came: what has changed since was told as an entry of its own.
    expect(told.map(({ body }) => body)).toEqual([
      '"quoted" 心\u0000',
      ...drafts.slice(0, 20).map(({ body }) => body),
      'changed',
      '👍',
      '',
    ]);
    expect(new Set(news.map((text) => parseNews(text).epoch))).toEqual(new Set([epoch]));
  });

  it('asks for the end of a room by no script, unless the room has grown', async () => {
    const { logs } = await openBoth();
    const [one, other] = logs;
    if (!one || !other) return expect.fail('no log');
    const first = await one.append(draftOf());
    await other.head('tea');
    const scripts = async () => {
      const stats = String(await redis().command('INFO', 'commandstats'));
      return Number(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1]);
    };
    const before = await scripts();
    for (const log of [one, other]) {
      expect(await log.head('tea')).toEqual({
        ...{ epoch: first.epoch, seq: 1, mid: first.mid, texts: 1 },
      });
    }
    expect(await scripts()).toBe(before);
    const { mid } = await one.append(draftOf());
    expect(await other.head('tea')).toMatchObject({ seq: 2, mid, texts: 2 });
    expect(await other.head('tea')).toMatchObject({ seq: 2, mid, texts: 2 });
    expect(await scripts()).toBe(before + 2);
  });

  it('goes on when Redis has forgotten the scripts', async () => {
    const { logs } = await openBoth();
    await logs[0]?.append(draftOf());
    await redis().command('SCRIPT', 'FLUSH');
    expect(await logs[0]?.head('tea')).toMatchObject({ seq: 1 });
    await redis().command('SCRIPT', 'FLUSH');
    const appends = [draftOf(), draftOf({ room: 'attic' }), draftOf()].map((draft) =>
      logs[1]?.append(draft),
    );
    expect(await Promise.all(appends)).toMatchObject([{ seq: 2 }, { seq: 1 }, { seq: 3 }]);
  });
});

describe('a text that was deleted', () => {
  // So that a dump shows what is there.
  const redis = sharedRedis({ rdbcompression: 'no' });
  const connection = sharedConnection(redis);

  it('is nowhere in Redis any more, and everything else is as it was', async () => {
    const keys = ownKeys();
    const log = await openRedisLog({ connection: connection(), keys, newId });
    onTestFinished(() => log.close());
    const lengths = [5, 3_000, 40, 40, 40, 9_000, 40, 700, 40, 40];
    const others = Array.from({ length: 300 }, (_, index) =>
      draftOf({ body: `${index} `.padEnd(lengths[index % lengths.length] ?? 5, '.') }),
    );
    const say = (drafts: Draft[]) => Promise.all(drafts.map((draft) => log.append(draft)));
    await say(others.slice(0, 150));
    const target = await log.append(draftOf({ body: 'SECRET one' }));
    await say(others.slice(150, 200));
    const { seq, mid } = target;
    await log.append(draftOf({ body: 'SECRET two', about: { kind: 'edit', seq, mid } }));
    await say(others.slice(200, 250));
    await log.append(draftOf({ body: 'SECRET three', about: { kind: 'edit', seq, mid } }));
    await say(others.slice(250));

    const whole = async () =>
      String(
        await Promise.all(
          [keys.roomLog('tea'), keys.roomChanged('tea'), keys.roomMeta('tea')].map((key) =>
            redis().command('DUMP', key),
          ),
        ),
      );
    expect(await whole()).toContain('SECRET two');
    const before = (await log.after('tea', 0, ample)).messages;
    await log.append(draftOf({ body: '', at: 99, about: { kind: 'delete', seq, mid } }));
    expect(await whole()).not.toContain('SECRET');

    const after = (await log.after('tea', 0, ample)).messages;
    expect(after.slice(0, -1)).toEqual(
      before.map((message) => {
        if (message.seq === seq) return { ...message, body: '', deleted: 99 };
        return message.body.startsWith('SECRET') ? { ...message, body: '' } : message;
      }),
    );
    expect((await log.before('tea', 9_999, ample)).messages).toEqual(after);
    // What is far from it has stayed where it was.
    expect(Number(await redis().command('XLEN', keys.roomLog('tea')))).toBeGreaterThan(150);
  });
});

const loggedAs = ({ from, id, mid, body, at }: Draft, seq: number): LoggedMessage => ({
  ...{ seq, mid, id, from, body, at },
});

function parseNews(text: string): { epoch: string; messages: LoggedMessage[] } {
  expect(text[0]).toBe('m');
  return JSON.parse(text.slice(1));
}

async function listen(connection: RedisConnection | undefined, channel: string) {
  const subscriber = connection?.subscriber() ?? expect.fail('no connection');
  const heard: string[] = [];
  let hearEnd = () => {};
  const end = new Promise<void>((resolve) => {
    hearEnd = resolve;
  });
  await subscriber.connect();
  onTestFinished(() => subscriber.destroy());
  await subscriber.sSubscribe(channel, (text) => {
    if (text === 'end') hearEnd();
    else heard.push(text);
  });
  return {
    /** All that was said before this was called. */
    async untilNow() {
      await connection?.send(channel, 'SPUBLISH', channel, 'end');
      await end;
      return heard;
    },
  };
}
