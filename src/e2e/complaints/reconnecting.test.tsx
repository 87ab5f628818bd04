/**
 * What users of other libraries have suffered on the way back to a line: tries that ended, came in a
 * herd, stalled, or were made although nobody wanted them. README.md has the list.
 */
import { act, render, renderHook } from '@testing-library/react';
import { Activity } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createConnection } from '../../connection/connection';
import type { Connection, ConnectionOptions } from '../../connection/contract';
import { type UseWebSocketOptions, useWebSocket } from '../../connection/useWebSocket';
import { createFakeNetwork, type FakeNetwork } from '../../testing/fakeSocket';
import { createManualTime, type ManualTime } from '../../testing/manualTime';
import { createSeededRandom } from '../../testing/seededRandom';

const url = 'wss://chat.example/ws';
const heartbeat = {
  intervalMs: 25_000,
  timeoutMs: 10_000,
  ping: () => 'ping',
  isPong: (data: unknown) => data === 'pong',
};

/** Lets what was put off to the end of the turn happen: the hook opens its socket then. */
const settle = () => act(async () => {});
const happen = (target: EventTarget, type: string) =>
  act(() => void target.dispatchEvent(new Event(type)));
const become = (state: DocumentVisibilityState) => {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state);
  happen(document, 'visibilitychange');
};
/** Lets seconds pass, and what they bring about happen. */
async function pass(time: ManualTime, seconds: number) {
  for (let second = 0; second < seconds; second += 1) {
    act(() => time.advance(1_000));
    await settle();
  }
}
const liveOf = ({ sockets }: FakeNetwork) => sockets.filter(({ readyState }) => readyState < 2);

function setUp(options: Partial<ConnectionOptions> = {}) {
  const time = createManualTime();
  const network = createFakeNetwork();
  const all = { time, openSocket: network.open, random: () => 0, ...options };
  const connection = createConnection({ address: url, ...all });
  const status = () => connection.getState().status;
  return { time, network, connection, status };
}

/** As `setUp`, with the line open and stable. */
function setUpOpen(options: Partial<ConnectionOptions> = {}) {
  const world = setUp(options);
  world.connection.open();
  world.network.latest.accept();
  return world;
}

/** The hook on a page of its own, its line open. */
async function mountOpen(options: UseWebSocketOptions = {}) {
  const time = createManualTime();
  const network = createFakeNetwork();
  const all = { time, openSocket: network.open, random: () => 0, ...options };
  const hook = renderHook(({ address }) => useWebSocket(address, all), {
    initialProps: { address: url },
  });
  await settle();
  act(() => network.latest.accept());
  const status = () => hook.result.current.getState().status;
  return { ...hook, time, network, status };
}

describe('tries that should never end', () => {
  it('go on after every drop of a line that was open (reconnecting-websocket #60, #65)', () => {
    const { network, time, status } = setUpOpen();
    for (let drop = 1; drop <= 50; drop += 1) {
      network.latest.end(1006);
      time.advance(0);
      expect(network.sockets).toHaveLength(drop + 1);
      network.latest.accept();
      time.advance(10_000);
    }
    expect(status()).toBe('open');
  });

  it('can be begun again after close(), as often as one likes (reconnecting-websocket #86)', () => {
    const { network, connection, time, status } = setUpOpen();
    for (let round = 0; round < 3; round += 1) {
      connection.close();
      connection.open();
      network.latest.accept();
      expect(status()).toBe('open');
    }
    network.latest.end(1006);
    time.advance(0);
    expect(status()).toBe('connecting');
  });

  it('are made though the loss calls itself a normal close, code 1000 (Phoenix #3161)', () => {
    const { network, time, status } = setUpOpen();
    network.latest.end(1000, '', true);
    time.advance(0);
    expect(status()).toBe('connecting');
    expect(network.sockets).toHaveLength(2);
  });

  it('outlive an address that cannot be had (react-use-websocket #122, #223)', async () => {
    let asked = 0;
    const { network, connection, time } = setUp({
      address() {
        asked += 1;
        if (asked < 3) throw new Error('the session has ended');
        return asked < 5 ? Promise.reject(new Error('no answer')) : url;
      },
    });
    connection.open();
    for (let round = 0; round < 6; round += 1) {
      await settle();
      time.advance(0);
    }
    expect(asked).toBe(5);
    expect(network.sockets).toHaveLength(1);
  });

  it('outlive callbacks that throw, whose errors are not swallowed (react-use-websocket #223)', () => {
    const reported = vi.fn();
    vi.stubGlobal('reportError', reported);
    const { network, connection, time, status } = setUp({ heartbeat });
    const mistake = new Error('a mistake in a callback');
    const fail = () => {
      throw mistake;
    };
    const heard = vi.fn();
    connection.listen({
      onSocketOpen: fail,
      onOpen: fail,
      onMessage: fail,
      onError: fail,
      onClose: fail,
    });
    connection.listen({ onOpen: heard, onMessage: heard, onClose: heard });
    connection.subscribe(fail);
    connection.open();
    network.latest.accept();
    expect(status()).toBe('open');
    network.latest.deliver('news');
    network.latest.end(1006);
    expect(heard).toHaveBeenCalledTimes(3);
    time.advance(0);
    expect(network.sockets).toHaveLength(2);
    network.latest.accept();
    time.advance(25_000);
    expect(network.latest.sent).toEqual(['ping']);
    expect(reported).toHaveBeenCalledWith(mistake);
  });
});

describe('an address with a token that must be renewed', () => {
  it('is waited for, and no try is made with the old one meanwhile (react-use-websocket #248)', async () => {
    let token = 1;
    let renewed: () => void = () => {};
    const { network, connection, time, status } = setUp({
      async address() {
        if (token > 1) await new Promise<void>((resolve) => (renewed = resolve));
        return `${url}?token=${token}`;
      },
    });
    connection.open();
    await settle();
    network.latest.accept();
    token = 2;
    network.latest.end(4001, 'expired', true);
    time.advance(0);
    await settle();
    time.advance(900);
    await settle();
    expect(status()).toBe('connecting');
    expect(network.sockets).toHaveLength(1);
    renewed();
    await settle();
    expect(network.sockets.map((socket) => socket.url)).toEqual([
      `${url}?token=1`,
      `${url}?token=2`,
    ]);
  });

  it('that never comes does not hold up the next try for ever (react-use-websocket #248)', async () => {
    let asked = 0;
    const { network, connection, time } = setUp({
      address: () => {
        asked += 1;
        return asked === 1 ? new Promise<string>(() => {}) : url;
      },
    });
    connection.open();
    await settle();
    time.advance(10_000);
    time.advance(0);
    await settle();
    expect(network.sockets).toHaveLength(1);
  });

  it('may change under open calls: none hangs, and the old line speaks no more (partykit #403)', async () => {
    const heard: string[] = [];
    const { rerender, result, network } = await mountOpen({
      heartbeat,
      onMessage: (data) => heard.push(String(data)),
    });
    const [old] = network.sockets;
    const asked = result.current.ping();
    rerender({ address: `${url}?token=2` });
    await settle();
    expect(await asked).toBeUndefined();
    expect(old?.closedWith).toMatchObject({ code: 1000 });
    old?.deliver('from the old line');
    act(() => network.latest.accept());
    act(() => network.latest.deliver('from the new line'));
    expect(heard).toEqual(['from the new line']);
    expect(liveOf(network)).toHaveLength(1);
  });
});

describe('a thousand pages that lose their lines together', () => {
  /** After how many ms each comes back, once `lose` has happened to it. */
  function comeBack(lose: (world: ReturnType<typeof setUp>) => void): number[] {
    return Array.from({ length: 1_000 }, (_, index) => {
      const world = setUpOpen({ random: createSeededRandom(index) });
      lose(world);
      return (world.connection.getState().retryAt ?? Infinity) - world.time.now();
    });
  }
  /** How many of them come within the busiest `windowMs`. */
  const crowdWithin = (windowMs: number, times: readonly number[]) =>
    Math.max(
      ...times.map((from) => times.filter((at) => at >= from && at < from + windowMs).length),
    );

  it('do not come back as a herd to a server that is down (Phoenix #4045)', () => {
    const times = comeBack(({ network, time }) => {
      network.latest.end(1006);
      time.advance(0);
      // The first try is free, and finds nobody.
      network.latest.end(1006);
    });
    expect(Math.max(...times)).toBeLessThanOrEqual(600);
    expect(crowdWithin(10, times)).toBeLessThan(50);
  });

  it('nor to one that restarts: it has told them when (Phoenix #4045)', () => {
    const times = comeBack(({ network, connection }) => {
      connection.returnWithin([1_000, 11_000]);
      network.latest.end(4001, 'the server is restarting', true);
    });
    expect(Math.min(...times)).toBeGreaterThanOrEqual(1_000);
    expect(crowdWithin(100, times)).toBeLessThan(50);
  });
});

describe('hidden and closed are two things', () => {
  afterEach(() => become('visible'));

  it('a try that stalled while nobody looked is begun anew on return (Phoenix #6534)', async () => {
    const { network, time } = await mountOpen();
    become('hidden');
    // The network swallows everything: each try hangs for longer.
    act(() => network.latest.end(1006));
    await pass(time, 120);
    // Two seconds into a try that may take ten.
    const { length } = network.sockets;
    for (let second = 0; network.sockets.length === length && second < 20; second += 1) {
      await pass(time, 1);
    }
    await pass(time, 2);
    const before = network.sockets.length;
    become('visible');
    await settle();
    expect(network.sockets).toHaveLength(before + 1);
    expect(liveOf(network)).toHaveLength(1);
  });

  it('a try that has only just begun is left to it, however often one looks (Phoenix #6534)', async () => {
    const { network, time } = await mountOpen();
    act(() => network.latest.end(1006));
    act(() => time.advance(0));
    await settle();
    for (let look = 0; look < 10; look += 1) {
      become('hidden');
      become('visible');
      act(() => time.advance(50));
      await settle();
    }
    expect(network.sockets).toHaveLength(2);
  });

  it('what a person closed stays closed when the page is seen again (Phoenix #6578, #6620)', async () => {
    const { network, result, time, status } = await mountOpen({ closeWhenHiddenMs: 60_000 });
    act(() => result.current.close());
    become('hidden');
    act(() => time.advance(120_000));
    become('visible');
    happen(window, 'pagehide');
    happen(window, 'pageshow');
    happen(document, 'resume');
    happen(window, 'online');
    await settle();
    expect(status()).toBe('closed');
    expect(network.sockets).toHaveLength(1);
  });

  it('so does what a person closed while the page had put it aside (Phoenix #6578, #6620)', async () => {
    const { network, result, time, status } = await mountOpen({ closeWhenHiddenMs: 60_000 });
    become('hidden');
    act(() => time.advance(60_000));
    act(() => result.current.close());
    become('visible');
    await settle();
    expect(status()).toBe('closed');
    expect(network.sockets).toHaveLength(1);
  });

  it('so does it when the address changes (Phoenix #6578, #6620)', async () => {
    const { network, result, rerender, status } = await mountOpen();
    act(() => result.current.close());
    rerender({ address: `${url}?token=2` });
    await settle();
    expect(status()).toBe('closed');
    act(() => result.current.open());
    await settle();
    expect(network.latest.url).toBe(`${url}?token=2`);
    rerender({ address: `${url}?token=3` });
    rerender({ address: `${url}?token=4` });
    await settle();
    expect(network.latest.url).toBe(`${url}?token=4`);
    expect(liveOf(network)).toHaveLength(1);
  });

  it('so does it when React hides its component and shows it again (Phoenix #6578, #6620)', async () => {
    const time = createManualTime();
    const network = createFakeNetwork();
    let connection: Connection | undefined;
    function Chat() {
      connection = useWebSocket(url, { time, openSocket: network.open });
      return null;
    }
    const chat = (mode: 'visible' | 'hidden') => (
      <Activity mode={mode}>
        <Chat />
      </Activity>
    );
    const { rerender } = render(chat('visible'));
    await settle();
    rerender(chat('hidden'));
    await settle();
    expect(liveOf(network)).toHaveLength(0);
    rerender(chat('visible'));
    await settle();
    expect(liveOf(network)).toHaveLength(1);
    act(() => connection?.close());
    rerender(chat('hidden'));
    rerender(chat('visible'));
    await settle();
    expect(liveOf(network)).toHaveLength(0);
  });

  it('what the page put aside for the way back is closed at once, and opened anew, once, when it is back (Phoenix #6103)', async () => {
    const { network, status } = await mountOpen();
    const [old] = network.sockets;
    happen(window, 'pagehide');
    // Not in a later turn: there is none.
    expect(old?.closedWith).toBeDefined();
    expect(status()).toBe('closed');
    happen(window, 'pageshow');
    happen(document, 'resume');
    await settle();
    expect(liveOf(network)).toHaveLength(1);
    old?.end(1006);
    act(() => network.latest.accept());
    expect(status()).toBe('open');
  });
});

describe('tests of an app that reconnects', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('need no new server for each line, and no fake timers (jest-websocket-mock #44, #167)', async () => {
    const { network, time, status } = await mountOpen();
    for (let line = 2; line <= 4; line += 1) {
      act(() => network.latest.end(1001, 'going away', true));
      act(() => time.advance(1_000));
      await settle();
      act(() => network.latest.accept());
      expect(network.sockets).toHaveLength(line);
      expect(status()).toBe('open');
    }
  });

  it('that have fake timers all the same do not hang (jest-websocket-mock #47, socket.io #4534)', async () => {
    vi.useFakeTimers();
    const network = createFakeNetwork();
    const { result, unmount } = renderHook(() =>
      useWebSocket(url, { openSocket: network.open, heartbeat, random: () => 0 }),
    );
    await settle();
    act(() => network.latest.accept());
    act(() => void vi.advanceTimersByTime(35_000));
    act(() => void vi.advanceTimersByTime(100));
    await settle();
    expect(network.sockets).toHaveLength(2);
    act(() => network.latest.accept());
    expect(result.current.getState().status).toBe('open');
    unmount();
    expect(vi.getTimerCount()).toBe(0);
  });
});
