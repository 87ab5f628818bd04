import { describe, expect, it } from 'vitest';
import { initialConnection } from '../../chat/types';
import { tour as texts } from '../../i18n/en/tour';
import type { ChatMessage, ConnectionState, LossCause } from '../../store/chatStore';
import type { Happening } from './happenings';
import { type Deed, obstacleTo, type PushWay, pushWayOf, type StepName, stepNames } from './steps';
import { advance, startTour, type TourState } from './tourMachine';

/** A tour on which things happen as a test says. */
function createTrip(pushWay: PushWay = 'page', fields: { isLocal?: boolean; mode?: 'plain' } = {}) {
  let state: TourState = startTour([]);
  let at = 1_000;
  let deeds: Deed[] = [];
  const { says, pushed } = texts;
  const world = { mode: 'chat', isLocal: false, pushWay, says, pushed, ...fields } as const;
  const trip = {
    begin(step: StepName) {
      ({ state } = note(advance(state, { type: 'begin', step, world, at })));
    },
    do(event: Parameters<typeof advance>[1]) {
      ({ state } = note(advance(state, event)));
    },
    happened(happening: WithoutTime, afterMs = 10) {
      at += afterMs;
      trip.do({ type: 'happened', happening: { ...happening, at } });
    },
    /** What was done since it was last asked for. */
    deeds() {
      const done = deeds;
      deeds = [];
      return done;
    },
    state: () => state,
    /** What was seen of the latest step, in words. */
    told: (step: StepName) =>
      (state.run?.sights ?? state.endings[step]?.sights ?? []).map((tell) => tell(texts.sights)),
    isDone: (step: StepName) => state.done.includes(step),
  };
  function note(transition: ReturnType<typeof advance>) {
    deeds.push(...transition.deeds);
    return transition;
  }
  return trip;
}

/** `Omit` over a union would keep only what all of it has. */
type WithoutTime<Each = Happening> = Each extends Happening ? Omit<Each, 'at'> : never;

const socket = (
  what: 'opening' | 'open' | 'closed',
  fields: { code?: number } = {},
): WithoutTime => ({
  kind: 'socket',
  number: 0,
  what,
  url: 'wss://chat.example/ws',
  ...fields,
});
const line = (
  from: ConnectionState['status'],
  status: ConnectionState['status'],
  fields: { cause?: LossCause; retryAt?: number } = {},
): WithoutTime => ({
  kind: 'state',
  number: 0,
  from,
  state: { ...initialConnection, status, ...fields },
});
const frame = (
  direction: 'in' | 'out',
  fields: { t: string; [key: string]: unknown },
): WithoutTime => {
  const text = JSON.stringify(fields);
  return { kind: 'frame', direction, text, bytes: text.length, frame: fields };
};
const ownMessage = (id: string, fields: Partial<ChatMessage> = {}): ChatMessage => ({
  id,
  seq: undefined,
  author: { id: 'u1', name: 'Ann' },
  mine: true,
  body: texts.says.hello,
  at: 2_000,
  state: 'queued',
  hasLeft: false,
  failure: undefined,
  ...fields,
});
const broken: LossCause = { kind: 'closed', code: 1006, reason: '', wasClean: false };

describe('the steps', () => {
  it('socket: a new one is opened, and is seen to open', () => {
    const trip = createTrip();
    trip.begin('socket');
    expect(trip.deeds()).toEqual(['open anew']);
    trip.happened(socket('opening'));
    trip.happened(socket('open'), 42);
    expect(trip.told('socket')).toEqual([
      'A socket is opening, to wss://chat.example/ws',
      'It is open, after 42 ms',
    ]);
    expect(trip.isDone('socket')).toBe(true);
  });

  it('handshake: hello, auth and ready, in this order, and then an open line', () => {
    const trip = createTrip();
    trip.begin('handshake');
    trip.happened(frame('in', { t: 'ready', user: { id: 'u1', name: 'Ann' } }));
    expect(trip.told('handshake')).toEqual([]);
    trip.happened(
      frame('in', { t: 'hello', heartbeat: { intervalMs: 25_000, timeoutMs: 10_000 } }),
    );
    trip.happened(frame('out', { t: 'auth', name: 'Ann', token: 'secret' }));
    trip.happened(frame('in', { t: 'ready', user: { id: 'u1', name: 'Ann' } }));
    trip.happened(line('connecting', 'open'), 3);
    expect(trip.told('handshake')).toEqual([
      '“hello” came: the server wants a heartbeat every 25 s',
      '“auth” left: who you are, and the proof of it',
      '“ready” came: you are Ann',
      'The line is open for messages, 3 ms later',
    ]);
    expect(trip.isDone('handshake')).toBe(true);
  });

  it('frames: one leaves, and what it takes on a network', () => {
    const trip = createTrip();
    trip.begin('frames');
    expect(trip.deeds()).toEqual(['send a frame']);
    trip.happened(frame('out', { t: 'ping', n: 1 }));
    trip.happened(frame('in', { t: 'typing', room: 'lobby' }));
    expect(trip.isDone('frames')).toBe(false);
    trip.happened(frame('out', { t: 'typing', room: 'lobby' }));
    expect(trip.told('frames')).toEqual([
      '{"t":"typing","room":"lobby"} left: 29 bytes, and on a network 6 more for the frame’s header and mask',
    ]);
  });

  it('frames: with no network, and with bare text', () => {
    const local = createTrip('page', { isLocal: true });
    local.begin('frames');
    local.happened(frame('out', { t: 'typing', room: 'lobby' }));
    expect(local.told('frames')).toEqual(['{"t":"typing","room":"lobby"} left, 29 bytes']);
    const plain = createTrip('page', { mode: 'plain' });
    plain.begin('frames');
    const text = texts.says.hello;
    plain.happened({ kind: 'frame', direction: 'out', text, bytes: 200, frame: undefined });
    expect(plain.told('frames')).toEqual([
      `${text} left: 200 bytes, and on a network 8 more for the frame’s header and mask`,
    ]);
  });

  it('heartbeat: three answers to pings, and then it beats as before', () => {
    const trip = createTrip();
    trip.begin('heartbeat');
    expect(trip.deeds()).toEqual(['beat every second']);
    for (const rttMs of [5, 6, 7]) {
      expect(trip.isDone('heartbeat')).toBe(false);
      trip.happened({ kind: 'answer', to: 'message', rttMs: 1 });
      trip.happened({ kind: 'answer', to: 'ping', rttMs }, 1_000);
    }
    expect(trip.told('heartbeat')).toEqual(['Three beats were answered, the last after 7 ms']);
    expect(trip.deeds()).toEqual(['beat as before']);
  });

  it('ping and pong: the pong of this ping, then one that goes missing, and a dead line', () => {
    const trip = createTrip();
    trip.begin('pingPong');
    trip.happened(frame('out', { t: 'ping', n: 7 }));
    trip.happened(frame('in', { t: 'pong', n: 6 }));
    expect(trip.told('pingPong')).toEqual(['Ping 7 left']);
    trip.deeds();
    trip.happened(frame('in', { t: 'pong', n: 7 }), 2);
    expect(trip.deeds()).toEqual(['freeze what comes in']);
    trip.happened(frame('out', { t: 'ping', n: 8 }), 1_000);
    trip.happened(line('open', 'waiting', { cause: { kind: 'heartbeat timeout' } }), 2_000);
    expect(trip.deeds()).toEqual(['thaw']);
    trip.happened(line('connecting', 'open'), 30);
    expect(trip.told('pingPong').slice(2)).toEqual([
      'What comes in is frozen, and ping 8 left',
      'No pong in 2 s: the line is given up',
      'A new line is open, 30 ms later',
    ]);
    expect(trip.deeds()).toEqual(['thaw', 'beat as before']);
  });

  it('ack: the one of the message that was written, and the message is marked', () => {
    const trip = createTrip();
    trip.begin('ack');
    trip.happened(frame('out', { t: 'send', id: 'm-other', body: 'typed by hand' }));
    trip.happened(frame('out', { t: 'send', id: 'm-abcd', body: texts.says.hello }));
    trip.happened(frame('in', { t: 'ack', id: 'm-other', seq: 13 }));
    trip.happened({ kind: 'messages', messages: [ownMessage('m-abcd', { state: 'sent' })] });
    expect(trip.told('ack')).toEqual(['The message left, with the id …abcd']);
    trip.happened(frame('in', { t: 'ack', id: 'm-abcd', seq: 14 }), 5);
    trip.happened({ kind: 'messages', messages: [ownMessage('m-abcd', { state: 'sending' })] });
    expect(trip.isDone('ack')).toBe(false);
    trip.happened({ kind: 'messages', messages: [ownMessage('m-abcd', { state: 'sent' })] });
    expect(trip.isDone('ack')).toBe(true);
  });

  it('reconnect: cut, two failed tries, a message that waits, and that arrives once', () => {
    const trip = createTrip();
    const body = texts.says.meanwhile;
    trip.begin('reconnect');
    expect(trip.deeds()).toEqual(['refuse connections', 'cut']);
    trip.happened(line('open', 'waiting', { cause: broken, retryAt: 0 }));
    expect(trip.deeds()).toEqual(['say something meanwhile']);
    trip.happened({ kind: 'messages', messages: [ownMessage('old', { body, at: 1 })] });
    expect(trip.told('reconnect')).toHaveLength(1);
    const queued = ownMessage('m1', { body });
    trip.happened({ kind: 'messages', messages: [queued] });
    for (let tries = 0; tries < 2; tries += 1) {
      expect(trip.deeds()).toEqual([]);
      trip.happened(line('waiting', 'connecting'));
      trip.happened(line('connecting', 'waiting', { cause: broken, retryAt: 9_000 }));
    }
    expect(trip.deeds()).toEqual(['allow connections']);
    trip.happened(line('connecting', 'open'));
    const sent = { ...queued, state: 'sent', seq: 3 } as const;
    trip.happened({ kind: 'messages', messages: [sent, sent] });
    expect(trip.isDone('reconnect')).toBe(false);
    trip.happened({ kind: 'messages', messages: [ownMessage('m0', { body }), sent] });
    expect(trip.isDone('reconnect')).toBe(true);
    expect(trip.deeds()).toEqual(['allow connections']);
  });

  it('close: code 1000, then three quiet seconds, and a line again', () => {
    const trip = createTrip();
    trip.begin('close');
    trip.happened(socket('closed', { code: 1006 }));
    expect(trip.told('close')).toEqual([]);
    trip.happened(socket('closed', { code: 1000 }));
    trip.deeds();
    trip.happened({ kind: 'time' }, 2_999);
    expect(trip.deeds()).toEqual([]);
    trip.happened({ kind: 'time' }, 1);
    expect(trip.deeds()).toEqual(['connect']);
    trip.happened(line('connecting', 'open'));
    expect(trip.isDone('close')).toBe(true);
  });

  it('close: is not seen if anything is tried in these seconds', () => {
    const trip = createTrip();
    trip.begin('close');
    trip.happened(socket('closed', { code: 1000 }));
    trip.happened(socket('opening'));
    expect(trip.state().endings.close?.wasSeen).toBe(false);
    expect(trip.isDone('close')).toBe(false);
  });

  it('push: by the page, once the service worker has told what became of it', () => {
    const trip = createTrip('page');
    trip.begin('push');
    expect(trip.deeds()).toEqual(['hand over a push']);
    trip.happened({ kind: 'push', by: 'service' });
    trip.happened({ kind: 'push', by: 'page' });
    expect(trip.isDone('push')).toBe(false);
    trip.happened({ kind: 'push outcome', outcome: 'not allowed' });
    expect(trip.told('push').at(-1)).toBe(
      'It was received; this page is not allowed to show notifications',
    );
    expect(trip.isDone('push')).toBe(true);
  });

  it('push: by the service, to the companion’s answer, and by no stand-in', () => {
    const trip = createTrip('companion');
    trip.begin('push');
    trip.happened(frame('out', { t: 'send', id: 'm1', body: '/slow' }));
    trip.deeds();
    trip.happened(frame('in', { t: 'ack', id: 'm1', seq: 4 }));
    expect(trip.deeds()).toEqual(['leave']);
    trip.happened(socket('closed', { code: 1000 }));
    trip.happened({ kind: 'push', by: 'page' });
    expect(trip.isDone('push')).toBe(false);
    trip.happened({ kind: 'push', by: 'service' }, 20_000);
    expect(trip.isDone('push')).toBe(true);
    expect(trip.deeds()).toEqual(['connect']);
  });

  it('are nine, and each can be told of', () => {
    expect(stepNames.toSorted()).toEqual(Object.keys(texts.steps).toSorted());
    expect(stepNames).toHaveLength(9);
  });
});

describe('a step that is not seen', () => {
  it('ends when its time is over, and all is put right', () => {
    const trip = createTrip();
    trip.begin('pingPong');
    trip.happened(frame('out', { t: 'ping', n: 7 }));
    trip.happened(frame('in', { t: 'pong', n: 7 }));
    trip.deeds();
    trip.happened({ kind: 'time' }, 20_000);
    expect(trip.state().run).toBeUndefined();
    expect(trip.state().endings.pingPong).toMatchObject({ wasSeen: false });
    expect(trip.deeds()).toEqual(['thaw', 'beat as before']);
  });

  it('ends at once if its button could do nothing', () => {
    const trip = createTrip();
    trip.begin('push');
    trip.happened({ kind: 'failed' });
    expect(trip.state().endings.push?.wasSeen).toBe(false);
  });

  it('is put right when it is stopped, when another begins, and at a new start', () => {
    const trip = createTrip();
    trip.begin('reconnect');
    trip.deeds();
    trip.do({ type: 'stop' });
    expect(trip.deeds()).toEqual(['allow connections']);
    trip.begin('heartbeat');
    trip.deeds();
    trip.begin('socket');
    expect(trip.deeds()).toEqual(['beat as before', 'open anew']);
    trip.happened(socket('opening'));
    trip.happened(socket('open'));
    trip.begin('close');
    trip.deeds();
    trip.do({ type: 'restart' });
    expect(trip.deeds()).toEqual(['connect']);
    expect(trip.state()).toEqual(startTour([]));
  });

  it('ticks nothing off by what happens while none is under way', () => {
    const trip = createTrip();
    trip.happened(socket('opening'));
    trip.happened(socket('open'));
    expect(trip.state().done).toEqual([]);
  });
});

describe('the tour', () => {
  it('goes on at the first step that was not seen', () => {
    expect(startTour(['socket', 'frames']).open).toBe('handshake');
    expect(startTour(stepNames).open).toBeUndefined();
  });

  it('knows what cannot be done here', () => {
    const at = (name: StepName, fields = {}) =>
      obstacleTo(name, { mode: 'chat', hasHeartbeat: true, hasWorker: true, ...fields });
    expect(stepNames.filter((name) => at(name))).toEqual([]);
    const plain = { mode: 'plain', hasHeartbeat: false };
    expect(stepNames.filter((name) => at(name, plain))).toEqual([
      'handshake',
      'heartbeat',
      'pingPong',
      'ack',
    ]);
    expect(at('push', { hasWorker: false })).toBe('no worker');
  });

  it('has the page stand in for the push service unless push is on', () => {
    const members = [{ id: 'u1', name: 'Ann' }];
    const companion = { id: 'companion', name: 'Heartline' };
    expect(pushWayOf({ push: { status: 'off' }, members: [companion] })).toBe('page');
    expect(pushWayOf({ push: { status: 'on' }, members })).toBe('service');
    expect(pushWayOf({ push: { status: 'on' }, members: [...members, companion] })).toBe(
      'companion',
    );
  });
});
