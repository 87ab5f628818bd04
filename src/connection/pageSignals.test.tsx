import { describe, expect, it, vi } from 'vitest';
import { createFakeNetwork } from '../testing/fakeSocket';
import { createManualTime } from '../testing/manualTime';
import { createConnection } from './connection';
import { watchPage } from './pageSignals';

function setUp(closeWhenHiddenMs?: number) {
  const time = createManualTime();
  const heard: string[] = [];
  const connection = {
    wake: () => heard.push('wake'),
    networkGone: () => heard.push('network gone'),
    suspend: () => heard.push('suspend'),
  };
  const cancel = watchPage(connection, { time, closeWhenHiddenMs });
  return { time, heard, cancel };
}
const happen = (target: EventTarget, type: string) => target.dispatchEvent(new Event(type));
const become = (state: DocumentVisibilityState) => {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state);
  happen(document, 'visibilitychange');
};

describe('what the page hears', () => {
  it.each<[string, () => void, string]>([
    ['the network is back', () => happen(window, 'online'), 'wake'],
    ['the network is gone', () => happen(window, 'offline'), 'network gone'],
    ['the page is visible again', () => become('visible'), 'wake'],
    ['the page is no longer frozen', () => happen(document, 'resume'), 'wake'],
    ['the page goes, perhaps to come back', () => happen(window, 'pagehide'), 'suspend'],
    ['the page is back', () => happen(window, 'pageshow'), 'wake'],
  ])('is told to the connection: %s', (_, event, told) => {
    const { heard, cancel } = setUp();
    event();
    cancel();
    expect(heard).toEqual([told]);
  });

  it('is no longer listened to once cancelled', () => {
    const { heard, cancel, time } = setUp(1_000);
    become('hidden');
    cancel();
    for (const type of ['online', 'offline', 'pagehide', 'pageshow']) happen(window, type);
    happen(document, 'resume');
    become('visible');
    time.advance(10_000);
    expect(heard).toEqual([]);
    expect(time.armed).toBe(0);
  });
});

describe('a page that is hidden', () => {
  it('keeps its connection, unless told otherwise', () => {
    const { heard, cancel, time } = setUp();
    become('hidden');
    time.advance(3_600_000);
    cancel();
    expect(heard).toEqual([]);
  });

  it('closes it after the time that was set, and opens it when it is visible', () => {
    const { heard, cancel, time } = setUp(300_000);
    become('hidden');
    time.advance(299_999);
    expect(heard).toEqual([]);
    time.advance(1);
    become('visible');
    cancel();
    expect(heard).toEqual(['suspend', 'wake']);
  });

  it('keeps it when it was hidden for a shorter time', () => {
    const { heard, cancel, time } = setUp(300_000);
    become('hidden');
    time.advance(200_000);
    become('visible');
    time.advance(600_000);
    cancel();
    expect(heard).toEqual(['wake']);
  });

  it('and put aside does not come back because the network does', () => {
    const { heard, cancel, time } = setUp(300_000);
    become('hidden');
    time.advance(300_000);
    happen(window, 'online');
    cancel();
    expect(heard).toEqual(['suspend']);
  });
});

describe('a page that is kept for the way back', () => {
  const hide = () => happen(window, 'pagehide');
  const show = () => happen(window, 'pageshow');
  const hidden = () => become('hidden');
  const visible = () => become('visible');
  it.each<[string, (() => void)[], (() => void)[]]>([
    ['Chrome and Firefox: hidden after it was put aside', [hide, hidden], [show, visible]],
    ['Safari: hidden before', [hidden, hide], [show, visible]],
    ['visible before it is back', [hide, hidden], [visible, show]],
    ['Safari before 14: nothing of being hidden', [hide], [show]],
  ])('has no line while it is away, and one when it is back (%s)', (_, leaving, coming) => {
    const time = createManualTime();
    const network = createFakeNetwork();
    const connection = createConnection({
      address: 'wss://chat.example/ws',
      time,
      random: () => 0,
      openSocket: network.open,
    });
    const cancel = watchPage(connection, { time, closeWhenHiddenMs: 300_000 });
    connection.open();
    network.latest.accept();
    for (const event of leaving) event();
    expect(network.latest.closedWith).toBeDefined();
    happen(window, 'online');
    time.advance(3_600_000);
    expect(network.sockets).toHaveLength(1);

    for (const event of coming) event();
    network.latest.accept();
    time.advance(3_600_000);
    expect(network.sockets).toHaveLength(2);
    expect(connection.getState().status).toBe('open');
    cancel();
    connection.close(1000);
  });
});
