/** What of the streams is seen from inside only: what a gateway tells the others, and what it forgets. */
import { describe, expect, it } from 'vitest';
import { createManualTime } from '../../../testing/manualTime';
import { type Appended, type Draft, LogUnavailableError } from '../../log/log';
import { settle } from '../testChat';
import type { StreamNews } from './liveStream';
import { createLiveStreams } from './liveStreams';
import { unheardMs } from './streamLives';

const ann = { id: 'u1', name: 'Ann' };
const piece = (at: number, text: string) => ({ id: 'a', room: 'tea', at, text });
const news = (at: number, text: string): StreamNews => ({ user: ann, id: 'a', at, text });

function createWorld() {
  const time = createManualTime();
  const appended: string[] = [];
  const told: string[] = [];
  const open: string[] = [];
  const state = { isLogAway: false, hasLine: true };
  const streams = createLiveStreams({
    ...{ time, graceMs: 10_000, newMessageId: () => 'm', changed() {}, tellEnd() {} },
    hasLine: () => state.hasLine,
    isElsewhere: async () => false,
    open: (room) => void open.push(room),
    close: (room) => void open.splice(open.indexOf(room), 1),
    gateways: {
      tell: (room, { at, text, cut }) => void told.push(`${room} ${at} "${text}"${cut ? '†' : ''}`),
      ask: (room) => void told.push(`${room}?`),
    },
    async append({ body, room }: Draft): Promise<Appended> {
      if (state.isLogAway) throw new LogUnavailableError('away');
      appended.push(body);
      return { epoch: 'e', room, seq: 1, mid: 'm', at: 1, dup: false };
    },
    appended: ({ from, id }) => streams.sent(from.id, id),
    onError: expect.fail,
  });
  return Object.assign(state, { streams, time, appended, told, open });
}

describe('a room in which somebody writes here', () => {
  it('is heard of and heard at the other gateways for as long, whoever is in it', () => {
    const { streams, open } = createWorld();
    streams.write({ user: ann }, piece(0, 'one'));
    streams.write({ user: ann }, piece(3, ' two'));
    expect(open).toEqual(['tea']);
    streams.heard('tea', 'b', news(0, 'one two three'));
    expect(open).toEqual([]);
    streams.write({ user: ann }, piece(0, 'one two three four'));
    expect(open).toEqual(['tea']);
    streams.sent(ann.id, 'a');
    expect(open).toEqual([]);
  });
});

describe('while the message itself is on its way to the log', () => {
  it('nothing more is told, here or there, until it is known not to be stored', () => {
    const { streams, told, time } = createWorld();
    streams.write({ user: ann }, piece(0, 'one'));
    expect(streams.takePieces('tea')).toHaveLength(1);
    streams.sending(ann.id, 'a');
    streams.write({ user: ann }, piece(3, ' two'));
    streams.asked('tea');
    time.advance(1_000);
    expect(streams.takePieces('tea')).toEqual([]);
    expect(told).toEqual(['tea 0 "one"']);
    streams.notSent(ann.id, 'a', 'for now');
    expect(streams.takePieces('tea')).toMatchObject([{ at: 3, text: ' two' }]);
    expect(told).toHaveLength(2);
  });
});

describe('what has ended', () => {
  it('does not begin anew by what another gateway said before', () => {
    const { streams } = createWorld();
    streams.heard('tea', 'b', news(0, 'one'));
    expect(streams.all('tea')).toHaveLength(1);
    streams.sent(ann.id, 'a');
    streams.heard('tea', 'b', news(0, 'one'));
    expect(streams.all('tea')).toEqual([]);
  });

  it('is not kept as cut by a gateway that its writer has left for another meanwhile', async () => {
    const world = createWorld();
    const { streams, time, appended } = world;
    world.isLogAway = true;
    streams.write({ user: ann }, { ...piece(0, 'one'), cut: true });
    await settle();
    streams.heard('tea', 'b', news(0, 'one two'));
    world.isLogAway = false;
    time.advance(unheardMs - 1);
    await settle();
    expect(appended).toEqual([]);
    expect(streams.all('tea')).toMatchObject([{ text: 'one two' }]);
  });
});

describe('what is written elsewhere', () => {
  it('is forgotten where nobody hears of its room any more, and when nothing is heard of it', () => {
    const { streams, time } = createWorld();
    streams.heard('tea', 'b', news(0, 'one'));
    streams.closed('tea');
    expect(streams.all('tea')).toEqual([]);
    streams.heard('tea', 'b', news(0, 'one'));
    time.advance(unheardMs);
    expect(streams.all('tea')).toEqual([]);
    expect(time.armed).toBe(0);
  });

  it('is asked for once in a while, however much of it was missed', () => {
    const { streams, told, time } = createWorld();
    for (let at = 5; at < 20; at += 1) streams.heard('tea', 'b', news(at, 'x'));
    expect(told).toEqual(['tea?']);
    time.advance(1_000);
    expect(told).toEqual(['tea?', 'tea?']);
    time.advance(5_000);
    expect(told).toHaveLength(2);
  });
});

describe('a writer without a line', () => {
  it('ends by itself, whatever lines its user has', async () => {
    const world = createWorld();
    const { streams, appended } = world;
    world.hasLine = false;
    streams.write({ user: ann, hasNoLine: true }, piece(0, 'one'));
    streams.left(ann.id, 'at once');
    await settle();
    expect(appended).toEqual([]);
    streams.write({ user: ann, hasNoLine: true }, { ...piece(3, ' two'), cut: true });
    await settle();
    expect(appended).toEqual(['one two']);
  });
});

describe('a message whose writing was not heard of here', () => {
  it('is not being written any more, whatever another gateway tells of it late', () => {
    const { streams, told } = createWorld();
    streams.sent(ann.id, 'a');
    streams.heard('tea', 'b', news(0, 'one'));
    streams.heard('tea', 'b', news(3, ' two'));
    expect(streams.all('tea')).toEqual([]);
    expect(streams.takePieces('tea')).toEqual([]);
    expect(told).toEqual([]);
  });
});
