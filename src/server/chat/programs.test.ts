import { describe, expect, it } from 'vitest';
import { roomOfKey } from '../../protocol/privateRoom';
import { LogUnavailableError, type MessageLog } from '../log/log';
import { createMemoryLog } from '../log/memoryLog';
import type { ChatServerOptions } from './chatServer';
import { defaultAllowances } from './limits/allowances';
import { createPrograms, type Place, type Program, type Refused } from './programs';
import { createTestChat, settle } from './testChat';

const address = '192.0.2.7';
const key = 'abcdefghijklmnopqrstuv';

/** A chat with a program in it that has a token, and no line. */
async function createWorld(log?: MessageLog, options: Partial<ChatServerOptions> = {}) {
  const chat = createTestChat(log, options);
  const programs = chat.server.open(createPrograms);
  const newcomer = await programs.welcome('Build', address);
  if ('refused' in newcomer) throw new Error(newcomer.refused.message);
  const program: Program = { user: newcomer.user, address };
  const post = (id: string, body = id, room = 'tea') => programs.post(program, { id, room, body });
  return { ...chat, programs, program, post, token: newcomer.token };
}

const codeOf = (answer: object) => ('refused' in answer ? (answer as Refused).refused.code : 'ok');

describe('a program without a line', () => {
  it('is a guest with a token, which says who it is', async () => {
    const { programs, program, token } = await createWorld();
    expect(program.user).toEqual({ id: 'id1', name: 'Build' });
    expect(await programs.identify(token, address)).toEqual(program.user);
    expect(await programs.welcome('Build', address)).toMatchObject({
      user: { name: 'Build', tag: expect.any(String) },
    });
  });

  it('posts to who is there, in the order of the answers, and is told where the message is', async () => {
    const { enter, post, program } = await createWorld();
    const ann = await enter('Ann', 'tea');
    expect(await post('a', 'built')).toEqual({
      ...{ id: 'a', room: 'tea', seq: 1, mid: expect.any(String), at: expect.any(Number) },
      dup: false,
    });
    await post('b');
    expect(ann.all('msg')).toMatchObject([
      { id: 'a', seq: 1, body: 'built', from: program.user },
      { id: 'b', seq: 2 },
    ]);
  });

  it('is not there: nobody is told that it came, and it is nobody’s connection', async () => {
    const { server, enter, post } = await createWorld();
    const ann = await enter('Ann', 'tea');
    ann.clear();
    await post('a');
    await settle();
    expect(ann.received.map(({ t }) => t)).toEqual(['msg']);
    expect(server.counts()).toMatchObject({ connections: 1, users: 1, rooms: 1 });
  });

  it('posts once, however often and at once it says so', async () => {
    const { enter, post } = await createWorld();
    const ann = await enter('Ann', 'tea');
    const answers = await Promise.all(['a', 'a', 'a', 'a'].map((id) => post(id)));
    expect(new Set(answers.map((answer) => (answer as Place).seq))).toEqual(new Set([1]));
    expect(answers.filter((answer) => !(answer as Place).dup)).toHaveLength(1);
    expect(ann.all('msg')).toHaveLength(1);
  });

  it('answers a message, which has to be there', async () => {
    const { enter, programs, program, post } = await createWorld();
    const ann = await enter('Ann', 'tea');
    const first = (await post('a')) as Place;
    const answerTo = (seq: number, mid: string) =>
      programs.post(program, {
        ...{ id: `re-${seq}`, room: 'tea', body: 'yes' },
        about: { kind: 'reply', seq, mid },
      });
    await answerTo(1, first.mid);
    expect(ann.last('msg').about).toEqual({ kind: 'reply', seq: 1 });
    expect(codeOf(await answerTo(7, 'nothing'))).toBe('no_message');
  });

  it('opens a private room by its key only', async () => {
    const { programs, program } = await createWorld();
    const said = { id: 'a', room: roomOfKey(key), body: 'hush' };
    expect(codeOf(await programs.post(program, said))).toBe('forbidden');
    expect(codeOf(await programs.post(program, said, `${key}x`))).toBe('forbidden');
    expect(codeOf(await programs.post(program, said, key))).toBe('ok');
  });

  it('is told that its id is taken, where another room has that message', async () => {
    const { post } = await createWorld();
    await post('a');
    expect(codeOf(await post('a', 'a', 'attic'))).toBe('id_taken');
  });

  it('is told to come again while the log is away, and then posts the message once', async () => {
    const memory = createMemoryLog('epoch-1');
    let isAway = true;
    const { post, errors } = await createWorld({
      ...memory,
      async append(draft) {
        if (isAway) throw new LogUnavailableError('for a moment');
        return memory.append(draft);
      },
    });
    expect(await post('a')).toMatchObject({ refused: { code: 'unavailable', afterMs: 1_000 } });
    isAway = false;
    expect(await post('a')).toMatchObject({ seq: 1, dup: false });
    expect(errors).toEqual([]);
  });

  it('is told of a failure that nobody thought of, and so is who runs the server', async () => {
    const { post, errors } = await createWorld({
      ...createMemoryLog('epoch-1'),
      append: async () => Promise.reject(new Error('what is this?')),
    });
    expect(codeOf(await post('a'))).toBe('internal');
    expect(errors).toEqual([new Error('what is this?')]);
  });
});

describe('what programs may do', () => {
  it('is as much as their user may by lines: who wants more is told when to come again', async () => {
    const { post, time } = await createWorld(undefined, { allowances: defaultAllowances });
    let posted = 0;
    for (let n = 0; n < 1_000; n += 1) if (codeOf(await post(`m${n}`)) === 'ok') posted += 1;
    // 2,000 credits at once, and a little more than 5 for each.
    expect(posted).toBeGreaterThan(390);
    expect(posted).toBeLessThanOrEqual(400);
    expect(await post('more')).toMatchObject({ refused: { code: 'too_fast', afterMs: 1_000 } });
    time.advance(1_000);
    expect(codeOf(await post('more'))).toBe('ok');
  });

  it('is limited for each by itself', async () => {
    const { programs, post } = await createWorld(undefined, { allowances: defaultAllowances });
    for (let n = 0; n < 500; n += 1) await post(`m${n}`);
    const other = await programs.welcome('Other', address);
    if ('refused' in other) throw new Error(other.refused.message);
    const answer = await programs.post(
      { user: other.user, address },
      { id: 'a', room: 'tea', body: 'calm' },
    );
    expect(codeOf(answer)).toBe('ok');
  });

  it('is nothing with tokens that prove nobody, which an address soon may not even try', async () => {
    const { programs, token } = await createWorld(undefined, { allowances: defaultAllowances });
    expect(codeOf(await programs.identify('made up', address))).toBe('bad_token');
    const codes = new Set<string>();
    for (let n = 0; n < 5_000; n += 1) codes.add(codeOf(await programs.identify('no', address)));
    expect([...codes]).toEqual(['bad_token', 'too_fast']);
    expect(codeOf(await programs.identify(token, address))).toBe('too_fast');
    expect(codeOf(await programs.identify(token, '192.0.2.8'))).toBe('ok');
  });

  it('ends with a sign-out', async () => {
    const { programs, connect, token } = await createWorld();
    const line = connect();
    line.send({ t: 'auth', name: 'Build', token, resume: [] }, { t: 'signout' });
    await settle();
    expect(codeOf(await programs.identify(token, address))).toBe('bad_token');
  });
});

describe('a program that writes before all eyes', () => {
  it('is read as it writes, and its message takes the place of that', async () => {
    const { enter, programs, program, post } = await createWorld();
    const ann = await enter('Ann', 'tea');
    const write = (at: number, text: string) =>
      programs.stream(program, { id: 'a', room: 'tea', at, text });
    expect(write(0, 'one ')).toEqual({ waitMs: 0 });
    write(4, 'two');
    await settle();
    expect(ann.all('stream').map(({ at, text }) => [at, text])).toEqual([
      [0, 'one '],
      [4, 'two'],
    ]);
    await post('a', 'one two');
    const bob = await enter('Bob', 'tea');
    expect(bob.all('stream')).toEqual([]);
    expect(bob.last('sync').messages).toMatchObject([{ id: 'a', body: 'one two' }]);
  });

  it('does not end with the lines of its user, who may have some as well', async () => {
    const { connect, enter, programs, program, token, time } = await createWorld();
    const ann = await enter('Ann', 'tea');
    const line = connect();
    line.send({ t: 'auth', name: 'Build', token, resume: [] }, { t: 'join', room: 'tea' });
    await settle();
    programs.stream(program, { id: 'a', room: 'tea', at: 0, text: 'one' });
    line.end(1000);
    time.advance(20_000);
    await settle();
    expect(ann.all('msg')).toEqual([]);
  });

  it('leaves what it wrote when it breaks off', async () => {
    const { enter, programs, program } = await createWorld();
    const ann = await enter('Ann', 'tea');
    programs.stream(program, { id: 'a', room: 'tea', at: 0, text: 'half a' });
    programs.stream(program, { id: 'a', room: 'tea', at: 6, text: '', cut: true });
    await settle();
    expect(ann.last('msg')).toMatchObject({ id: 'a', body: 'half a', cut: true });
  });

  it('is told how long to wait when it has said too much, and what is wrong with a piece', async () => {
    const user = { perSecond: 10, burst: 10 };
    const { programs, program } = await createWorld(undefined, {
      allowances: { ...defaultAllowances, user },
    });
    const write = (id: string, at: number, room = 'tea') =>
      programs.stream(program, { id, room, at, text: 'x'.repeat(1_024) });
    expect(write('a', 0)).toEqual({ waitMs: 0 });
    for (let n = 1; n < 4; n += 1) write('a', n * 1_024);
    expect(write('a', 4_096)).toEqual({ waitMs: 500 });
    expect(codeOf(write('b', 7))).toBe('stream_gap');
    expect(codeOf(write('c', 0, roomOfKey(key)))).toBe('forbidden');
    expect(programs.whyShut('tea', undefined)).toBeUndefined();
  });
});

describe('a sign-out', () => {
  it('is told to what goes on for that user, once, unless it no longer wants to know', async () => {
    const { programs, program, token, connect } = await createWorld();
    const told: string[] = [];
    const wait = (userId: string, what: string) =>
      programs.whenSignedOut(userId, () => told.push(what));
    wait(program.user.id, 'one');
    wait(program.user.id, 'two');
    wait('somebody', 'else');
    wait(program.user.id, 'over')();
    const line = connect();
    line.send({ t: 'auth', token, name: 'Build', resume: [] });
    await settle();
    line.send({ t: 'signout' });
    await settle();
    expect(told).toEqual(['one', 'two']);
  });
});

describe('a repeat of what was kept as broken off', () => {
  it('is told so, until its author has put it right', async () => {
    const { programs, program, post } = await createWorld();
    const piece = { id: 'a', room: 'tea', at: 0, text: 'half' };
    programs.stream(program, piece);
    programs.stream(program, { ...piece, at: 4, text: '', cut: true });
    await settle();
    const place = (await post('a', 'half and the rest')) as Place;
    expect(place).toMatchObject({ seq: 1, dup: true, cut: true });
    const { seq, mid } = place;
    await programs.post(program, {
      ...{ id: 'e', room: 'tea', body: 'half and the rest' },
      about: { kind: 'edit', seq, mid },
    });
    expect(await post('a', 'half and the rest')).not.toHaveProperty('cut');
  });
});

describe('a drain', () => {
  it('waits for what came, and takes nothing more', async () => {
    const memory = createMemoryLog('epoch-1');
    let goOn = () => {};
    const { server, programs, post } = await createWorld({
      ...memory,
      async append(draft) {
        await new Promise<void>((resolve) => {
          goOn = resolve;
        });
        return memory.append(draft);
      },
    });
    const last = post('last');
    let isDrained = false;
    const draining = server.drain([0, 0], 5_000).then(() => {
      isDrained = true;
    });
    await settle();
    expect(isDrained).toBe(false);
    expect(await post('late')).toMatchObject({ refused: { code: 'draining', afterMs: 2_000 } });
    expect(codeOf(await programs.welcome('Late', address))).toBe('draining');
    goOn();
    expect(codeOf(await last)).toBe('ok');
    await draining;
  });
});
