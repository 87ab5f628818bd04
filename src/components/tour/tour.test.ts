import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ChatActions } from '../../chat/types';
import { tour as texts } from '../../i18n/en/tour';
import { type ChatMessage, createChatStore } from '../../store/chatStore';
import { createFakeNetwork } from '../../testing/fakeSocket';
import { idleActions } from '../../testing/idleActions';
import { createManualTime } from '../../testing/manualTime';
import { createTestLab } from '../../testing/testLab';
import type { HandedPush, PushOutcome } from '../pageControls';
import type { StepName } from './steps';
import { createTour } from './tour';

/** A tour in a chat whose line a test has in its hands. */
function setUp(done: readonly StepName[] = []) {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const time = createManualTime();
  const { lab, labStore } = createTestLab(time);
  const network = createFakeNetwork();
  const open = lab.wrap(network.open);
  const asked: string[] = [];
  const said: string[] = [];
  const actions: ChatActions = {
    ...idleActions,
    disconnect: () => void asked.push('disconnect'),
    reconnect: () => void asked.push('reconnect'),
    typing: () => void asked.push('typing'),
    send: (body) => said.push(body) <= 2,
  };
  const chat = createChatStore({ mode: 'chat', room: 'tea', name: 'Ann', actions });
  const kept: (readonly StepName[])[] = [];
  const pushes: HandedPush[] = [];
  let outcome: PushOutcome | undefined = 'shown';
  const tour = createTour({
    chat,
    lab: labStore,
    done,
    keep: (steps) => void kept.push(steps),
    async handOverPush(push) {
      pushes.push(push);
      if (!outcome) throw new Error('the service worker said nothing');
      lab.pushed('page');
      return outcome;
    },
  });
  const stop = tour.start();
  const { says, pushed } = texts;
  return {
    time,
    network,
    lab,
    labStore,
    chat,
    tour,
    kept,
    asked,
    said,
    pushes,
    stop,
    failToPush: () => {
      outcome = undefined;
    },
    begin(step: StepName) {
      tour.begin(step, { isLocal: false, pushWay: 'page', says, pushed });
      return settle();
    },
    /** A socket of the page's, opened through the lab. */
    openSocket() {
      const socket = open('wss://chat.example/ws', []);
      network.latest.accept();
      return socket;
    },
  };
}

/** What was asked for is done once whatever happens has happened. */
const settle = async () => {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
};

describe('the tour', () => {
  it('does what a step says, hears the line, and remembers what was seen', async () => {
    const { tour, begin, asked, openSocket, kept } = setUp();
    await begin('socket');
    expect(asked).toEqual(['disconnect', 'reconnect']);
    expect(tour.store.getState().run?.sights).toHaveLength(0);
    openSocket();
    expect(tour.store.getState().done).toEqual(['socket']);
    expect(kept).toEqual([['socket']]);
  });

  it('tunes the heartbeat as it needs it, and then as it was before', async () => {
    const { begin, tour, labStore, lab } = setUp();
    lab.actions.tune({ intervalMs: 40_000, ackTimeoutMs: 9_000 });
    await begin('heartbeat');
    expect(labStore.getState().tuning).toMatchObject({ intervalMs: 1_000, timeoutMs: 2_000 });
    tour.stop();
    await settle();
    expect(labStore.getState().tuning).toEqual({ intervalMs: 40_000, ackTimeoutMs: 9_000 });
  });

  it('leaves no fault behind when it goes away in the middle of a step', async () => {
    const { begin, labStore, stop } = setUp();
    await begin('reconnect');
    expect(labStore.getState().faults.isRefusing).toBe(true);
    stop();
    await settle();
    expect(labStore.getState().faults.isRefusing).toBe(false);
  });

  it('hears nothing more once it has gone away', async () => {
    const { begin, stop, openSocket, kept, asked } = setUp();
    await begin('frames');
    stop();
    asked.length = 0;
    openSocket().send('{"t":"typing","room":"tea"}');
    vi.advanceTimersByTime(10_000);
    expect(kept).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('says that one writes until that leaves: it is told every few seconds only', async () => {
    const { begin, asked, openSocket, kept } = setUp();
    const socket = openSocket();
    await begin('frames');
    expect(asked).toEqual(['typing']);
    vi.advanceTimersByTime(500);
    expect(asked.length).toBeGreaterThan(1);
    socket.send('{"t":"typing","room":"tea"}');
    expect(kept).toEqual([['frames']]);
    asked.length = 0;
    vi.advanceTimersByTime(5_000);
    expect(asked).toEqual([]);
  });

  it('sees a message that was marked before its ack was looked at', async () => {
    const { begin, said, openSocket, network, chat, kept } = setUp();
    const socket = openSocket();
    await begin('ack');
    expect(said).toEqual([texts.says.hello]);
    socket.send(JSON.stringify({ t: 'send', id: 'm1', room: 'tea', body: texts.says.hello }));
    chat.setState({ messages: [sentMessage] });
    network.latest.deliver('{"t":"ack","id":"m1","room":"tea","seq":1}');
    await settle();
    expect(kept).toEqual([['ack']]);
  });

  it('gives a step up when its time is over, or nothing more can be sent', async () => {
    const { begin, tour, time } = setUp();
    await begin('ack');
    time.advance(20_001);
    vi.advanceTimersByTime(250);
    expect(tour.store.getState().endings.ack?.wasSeen).toBe(false);
    await begin('ack');
    await begin('ack');
    expect(tour.store.getState().run).toBeUndefined();
  });

  it('hands over a push of the open room, and goes by what the worker tells', async () => {
    const { begin, pushes, kept, chat, failToPush, tour } = setUp();
    chat.setState({ messages: [sentMessage] });
    await begin('push');
    await settle();
    expect(pushes).toEqual([{ room: 'tea', seq: 1, ...texts.pushed }]);
    expect(kept).toEqual([['push']]);
    failToPush();
    await begin('push');
    await settle();
    expect(tour.store.getState().endings.push?.wasSeen).toBe(false);
  });

  it('forgets what was seen when it begins anew', () => {
    const { tour, kept } = setUp(['socket', 'handshake']);
    expect(tour.store.getState().open).toBe('frames');
    tour.restart();
    expect(kept).toEqual([[]]);
    expect(tour.store.getState().open).toBe('socket');
  });
});

const sentMessage: ChatMessage = {
  id: 'm1',
  seq: 1,
  author: { id: 'u1', name: 'Ann' },
  mine: true,
  body: texts.says.hello,
  at: 1,
  state: 'sent',
  hasLeft: true,
  failure: undefined,
};
