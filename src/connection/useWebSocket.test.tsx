import { act, render, renderHook } from '@testing-library/react';
import { StrictMode } from 'react';
import { describe, expect, it, vi } from 'vitest';
import { createFakeNetwork } from '../testing/fakeSocket';
import { createFakeWorkers } from '../testing/fakeWorkers';
import { createManualTime } from '../testing/manualTime';
import type { Address } from './contract';
import {
  type UseWebSocketOptions,
  useConnectionListener,
  useConnectionState,
  useWebSocket,
} from './useWebSocket';
import { createWorkerTime } from './workerTime';

const url = 'wss://chat.example/ws';
const heartbeat = {
  intervalMs: 25_000,
  timeoutMs: 10_000,
  ping: () => 'ping',
  isPong: (data: unknown) => data === 'pong',
};

/** Lets what was put off to the end of the turn happen: the hook opens its socket then. */
const settle = () => act(async () => {});

function setUp(
  initial: { address: Address | null; options?: UseWebSocketOptions } = { address: url },
) {
  const time = createManualTime();
  const network = createFakeNetwork();
  const world = { time, openSocket: network.open, random: () => 0 };
  let renders = 0;
  const hook = renderHook(
    ({ address, options }: typeof initial) => {
      renders += 1;
      return useWebSocket(address, { ...world, ...options });
    },
    { initialProps: initial },
  );
  return { ...hook, time, network, world, renders: () => renders };
}

function Probe({ options }: { options: UseWebSocketOptions }) {
  useWebSocket(url, options);
  return null;
}

describe('useWebSocket', () => {
  it('connects on mounting, and closes on unmounting with nothing left behind', async () => {
    const { network, time, unmount } = setUp();
    await settle();
    expect(network.sockets).toHaveLength(1);
    act(() => network.latest.accept());
    unmount();
    expect(network.latest.closedWith).toMatchObject({ code: 1000 });
    expect(time.armed).toBe(0);
  });

  it('opens one socket under StrictMode', async () => {
    const { world, network } = setUp({ address: null });
    render(
      <StrictMode>
        <Probe options={world} />
      </StrictMode>,
    );
    await settle();
    expect(network.sockets).toHaveLength(1);
  });

  it('opens nothing for null, and connects when an address comes', async () => {
    const { network, rerender } = setUp({ address: null });
    await settle();
    expect(network.sockets).toHaveLength(0);
    rerender({ address: url });
    await settle();
    expect(network.sockets).toHaveLength(1);
  });

  it('begins closed where a person left it so, until it is opened', async () => {
    const { network, result } = setUp({ address: url, options: { startsClosed: true } });
    await settle();
    expect(result.current.getState().status).toBe('closed');
    act(() => void window.dispatchEvent(new Event('online')));
    await settle();
    expect(network.sockets).toHaveLength(0);
    act(() => result.current.open());
    await settle();
    expect(network.sockets).toHaveLength(1);
  });

  it('connects anew for another address, and leaves the old one', async () => {
    const { network, rerender } = setUp();
    await settle();
    rerender({ address: 'wss://other.example/ws' });
    await settle();
    expect(network.sockets.map((socket) => socket.url)).toEqual([url, 'wss://other.example/ws']);
    expect(network.sockets[0]?.closedWith).toBeDefined();
  });

  it('does not connect to another address what a person has closed', async () => {
    const { network, rerender, result } = setUp();
    await settle();
    act(() => result.current.close());
    rerender({ address: 'wss://other.example/ws' });
    await settle();
    expect(network.sockets).toHaveLength(1);
    expect(result.current.getState().status).toBe('closed');
    act(() => result.current.open());
    await settle();
    expect(network.latest.url).toBe('wss://other.example/ws');
  });

  it('keeps its socket through re-renders, a new function for the address included', async () => {
    const { network, rerender } = setUp({ address: () => url });
    await settle();
    rerender({ address: () => url });
    rerender({ address: () => 'wss://other.example/ws' });
    await settle();
    expect(network.sockets).toHaveLength(1);
  });

  it('asks the latest function when it tries again', async () => {
    const { network, rerender, time } = setUp({ address: () => url });
    await settle();
    rerender({ address: () => 'wss://other.example/ws' });
    act(() => network.latest.end());
    await act(async () => time.advance(1_000));
    await settle();
    expect(network.latest.url).toBe('wss://other.example/ws');
  });

  it('calls the callbacks of the latest render', async () => {
    const first = vi.fn();
    const second = vi.fn();
    const { network, rerender } = setUp({ address: url, options: { onMessage: first } });
    await settle();
    act(() => network.latest.accept());
    rerender({ address: url, options: { onMessage: second } });
    act(() => network.latest.deliver('hello'));
    expect(first).not.toHaveBeenCalled();
    expect(second).toHaveBeenCalledExactlyOnceWith('hello');
  });

  it('hands on every callback that SocketRocket has', async () => {
    const heard = { onOpen: vi.fn(), onError: vi.fn(), onClose: vi.fn(), onPong: vi.fn() };
    const { network, result } = setUp({
      address: url,
      options: {
        ...heard,
        heartbeat,
      },
    });
    await settle();
    act(() => {
      network.latest.accept();
      result.current.ping();
      network.latest.deliver('pong');
      network.latest.end(1006);
    });
    expect(heard.onOpen).toHaveBeenCalledOnce();
    expect(heard.onPong).toHaveBeenCalledExactlyOnceWith(0);
    expect(heard.onError).toHaveBeenCalledOnce();
    expect(heard.onClose).toHaveBeenCalledExactlyOnceWith({
      code: 1006,
      reason: '',
      wasClean: false,
    });
  });

  it('re-renders nobody when the state changes', async () => {
    const { network, renders } = setUp();
    await settle();
    const before = renders();
    act(() => network.latest.accept());
    act(() => network.latest.end());
    expect(renders()).toBe(before);
  });

  it('hears that the browser is online again or visible, and tries at once', async () => {
    const { network, time } = setUp();
    await settle();
    act(() => network.latest.end());
    act(() => network.latest.end());
    await act(async () => time.advance(0));
    await settle();
    act(() => network.latest.end());
    const before = network.sockets.length;
    act(() => window.dispatchEvent(new Event('online')));
    await settle();
    expect(network.sockets).toHaveLength(before + 1);
  });
});

describe('1,000 mounts and unmounts', () => {
  it('leave no timer, socket, listener or worker, under StrictMode and in mid-connection too', {
    timeout: 60_000,
  }, async () => {
    const { world, network, time } = setUp({ address: null });
    const { workers, start } = createFakeWorkers(time);
    const options = { ...world, heartbeat, time: createWorkerTime(start, time) };
    const listeners = [window, document].map((target) => ({
      added: vi.spyOn(target, 'addEventListener'),
      removed: vi.spyOn(target, 'removeEventListener'),
    }));
    const typesOf = (calls: unknown[][]) => calls.map(([type]) => type).sort();
    for (let round = 0; round < 1_000; round += 1) {
      const { unmount } = render(<Probe options={options} />, { reactStrictMode: true });
      if (round % 4 > 0) await settle();
      if (round % 4 > 1) act(() => network.latest.accept());
      if (round % 4 > 2) act(() => network.latest.end());
      unmount();
    }
    await settle();
    expect(network.sockets.length).toBe(750);
    expect(network.sockets.filter(({ readyState }) => readyState < 2)).toEqual([]);
    expect(time.armed).toBe(0);
    expect(workers.length).toBeGreaterThan(0);
    expect(workers.filter(({ isAlive }) => isAlive)).toEqual([]);
    for (const { added, removed } of listeners) {
      expect(added).toHaveBeenCalled();
      expect(typesOf(removed.mock.calls)).toEqual(typesOf(added.mock.calls));
    }
  });
});

describe('useConnectionState', () => {
  it('re-renders when what it selects has changed, and only then', async () => {
    const { network, result } = setUp();
    await settle();
    let renders = 0;
    const selected = renderHook(() => {
      renders += 1;
      return useConnectionState(result.current, ({ status }) => status === 'open');
    });
    expect(selected.result.current).toBe(false);
    act(() => network.latest.accept());
    expect(selected.result.current).toBe(true);
    const before = renders;
    act(() => void result.current.ping());
    expect(renders).toBe(before);
    act(() => result.current.close());
    expect(selected.result.current).toBe(false);
  });
});

describe('several components on one connection', () => {
  it('each hear every message, with the callbacks of their latest render', async () => {
    const { network, result, unmount } = setUp();
    await settle();
    act(() => network.latest.accept());
    const heard: string[] = [];
    const listen = (name: string) =>
      renderHook(
        ({ prefix }) =>
          useConnectionListener(result.current, {
            onMessage: (data) => heard.push(`${prefix}${String(data)}`),
          }),
        { initialProps: { prefix: `${name} ` } },
      );
    const one = listen('one');
    listen('two');
    act(() => network.latest.deliver('a'));
    one.rerender({ prefix: 'changed ' });
    act(() => network.latest.deliver('b'));
    one.unmount();
    act(() => network.latest.deliver('c'));
    expect(heard).toEqual(['one a', 'two a', 'changed b', 'two b', 'two c']);
    expect(network.sockets).toHaveLength(1);
    unmount();
  });
});

describe('a hot reload, which runs every effect again', () => {
  it('leaves one socket open and none behind', async () => {
    const { world, network } = setUp({ address: null });
    // A component whose code was replaced keeps its state and re-runs its effects, as under another key
    // of a dependency: the address goes and comes within one commit.
    const { rerender } = render(<Reloadable options={world} version={1} />);
    await settle();
    act(() => network.latest.accept());
    rerender(<Reloadable options={world} version={2} />);
    await settle();
    const live = network.sockets.filter(({ readyState }) => readyState < 2);
    expect(live).toHaveLength(1);
    expect(network.sockets.length - live.length).toBeLessThanOrEqual(1);
  });
});

function Reloadable({ options, version }: { options: UseWebSocketOptions; version: number }) {
  useWebSocket(`${url}?${version}`, options);
  return null;
}
