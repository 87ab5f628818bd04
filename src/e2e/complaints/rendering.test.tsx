/**
 * What users of other WebSocket hooks have suffered from React: messages lost between renders, renders
 * that nobody wanted, sockets that nobody owned. README.md has the list.
 */
import { act, render, renderHook } from '@testing-library/react';
import { StrictMode, useState } from 'react';
import { describe, expect, it, vi } from 'vitest';
import type { ChatMessage } from '../../chat/types';
import { createConnection } from '../../connection/connection';
import type { Connection } from '../../connection/contract';
import {
  type UseWebSocketOptions,
  useConnectionListener,
  useConnectionState,
  useWebSocket,
} from '../../connection/useWebSocket';
import { ChatStoreProvider, createChatStore, listenerOf, useChat } from '../../store/chatStore';
import { createFakeNetwork } from '../../testing/fakeSocket';
import { createManualTime } from '../../testing/manualTime';
import { ann, messageOf, renderChat } from '../../testing/renderChat';

const url = 'wss://prices.example/live';
const heartbeat = {
  intervalMs: 25_000,
  timeoutMs: 10_000,
  ping: () => 'ping',
  isPong: (data: unknown) => data === 'pong',
};

/** Lets what was put off to the end of the turn happen: the hook opens its socket then. */
const settle = () => act(async () => {});

function setUp() {
  const time = createManualTime();
  const network = createFakeNetwork();
  const options: UseWebSocketOptions = { time, openSocket: network.open, random: () => 0 };
  return { time, network, options };
}

describe('messages between two renders', () => {
  it('two in quick succession both arrive, in order (react-use-websocket #135)', async () => {
    const { network, options } = setUp();
    function Prices() {
      const [prices, setPrices] = useState<string[]>([]);
      useWebSocket(url, {
        ...options,
        onMessage: (data) => setPrices((seen) => [...seen, String(data)]),
      });
      return <p>{prices.join(' ')}</p>;
    }
    const { container } = render(<Prices />);
    await settle();
    act(() => {
      network.latest.accept();
      network.latest.deliver('one');
      network.latest.deliver('two');
    });
    expect(container.textContent).toBe('one two');
  });

  it('thirty at once all reach an effect’s listener, though it renders once (react-use-websocket #200)', async () => {
    const { network, options } = setUp();
    const heard: string[] = [];
    let renders = 0;
    function Count({ connection }: { connection: Connection }) {
      renders += 1;
      const [count, setCount] = useState(0);
      useConnectionListener(connection, {
        onMessage(data) {
          heard.push(String(data));
          setCount((before) => before + 1);
        },
      });
      return <p>{count}</p>;
    }
    const { result } = renderHook(() => useWebSocket(url, options));
    await settle();
    act(() => network.latest.accept());
    const { container } = render(<Count connection={result.current} />);
    const texts = Array.from({ length: 30 }, (_, index) => `event ${index}`);
    renders = 0;
    act(() => {
      for (const text of texts) network.latest.deliver(text);
    });
    expect(heard).toEqual(texts);
    expect(container.textContent).toBe('30');
    expect(renders).toBe(1);
  });

  it('nobody works on the page for each: a burst is drawn once, whole (react-use-websocket #211)', () => {
    const { actions } = renderChat(null);
    const store = createChatStore({ mode: 'chat', room: 'lobby', name: ann.name, actions });
    const frames: (() => void)[] = [];
    const listener = listenerOf(store, (callback) => void frames.push(callback));
    let renders = 0;
    function List() {
      renders += 1;
      return <p>{useChat(({ messages }) => messages.length)}</p>;
    }
    const { container } = render(
      <ChatStoreProvider value={store}>
        <List />
      </ChatStoreProvider>,
    );
    const shown: ChatMessage[] = [];
    renders = 0;
    // Outside of act, as a socket is: what is done at once would be seen at once.
    for (let seq = 1; seq <= 1_000; seq += 1) {
      shown.push(messageOf(seq));
      listener.messages([...shown]);
    }
    expect(renders).toBe(0);
    act(() => {
      for (const frame of frames) frame();
    });
    expect(container.textContent).toBe('1000');
    expect(renders).toBe(1);
  });

  it('who does not read them is not rendered again (react-use-websocket #93)', async () => {
    const { network, options } = setUp();
    const heard = vi.fn();
    let renders = 0;
    function Badge() {
      renders += 1;
      const connection = useWebSocket(url, { ...options, heartbeat, onMessage: heard });
      return <p>{useConnectionState(connection, ({ status }) => status)}</p>;
    }
    render(<Badge />);
    await settle();
    act(() => network.latest.accept());
    renders = 0;
    act(() => {
      for (let tick = 0; tick < 100; tick += 1) network.latest.deliver(`tick ${tick}`);
    });
    expect(heard).toHaveBeenCalledTimes(100);
    expect(renders).toBe(0);
  });
});

describe('a component that comes and goes', () => {
  it('under StrictMode leaves no stray socket, though the address takes its time (react-use-websocket #119, #138)', async () => {
    const { network, options, time } = setUp();
    const answers: ((address: string) => void)[] = [];
    const address = () => new Promise<string>((resolve) => answers.push(resolve));
    function Prices() {
      useWebSocket(address, options);
      return null;
    }
    const strict = (
      <StrictMode>
        <Prices />
      </StrictMode>
    );
    const first = render(strict);
    await settle();
    first.unmount();
    const second = render(strict);
    await settle();
    await act(async () => {
      for (const answer of answers) answer(url);
    });
    // Only the one that is still mounted has a use for its answer.
    expect(network.sockets).toHaveLength(1);
    act(() => network.latest.accept());
    second.unmount();
    expect(network.latest.readyState).toBeGreaterThan(1);
    expect(time.armed).toBe(0);
  });

  it('under StrictMode keeps one connection, which its children may hold on to (partykit #336)', async () => {
    const { network, options } = setUp();
    const seen = new Set<Connection>();
    const heard = vi.fn();
    function Child({ connection }: { connection: Connection }) {
      seen.add(connection);
      useConnectionListener(connection, { onMessage: heard });
      return <p>{useConnectionState(connection, ({ status }) => status)}</p>;
    }
    function Parent({ tick }: { tick: number }) {
      return <Child key={tick} connection={useWebSocket(url, options)} />;
    }
    const { container, rerender } = render(<Parent tick={0} />, { reactStrictMode: true });
    await settle();
    act(() => network.latest.accept());
    rerender(<Parent tick={1} />);
    act(() => network.latest.deliver('news'));
    expect(container.textContent).toBe('open');
    expect(heard).toHaveBeenCalledOnce();
    expect(seen.size).toBe(1);
  });

  it('opens no connection for each render (ably-js #1439, #1545, #1779)', async () => {
    const { network, options } = setUp();
    const connections = new Set<Connection>();
    const { rerender } = renderHook(
      // Everything is made anew, as inline objects and functions are.
      () => connections.add(useWebSocket(() => url, { ...options, heartbeat: { ...heartbeat } })),
      { reactStrictMode: true },
    );
    for (let round = 0; round < 50; round += 1) {
      rerender();
      await settle();
    }
    expect(network.sockets).toHaveLength(1);
    expect(connections.size).toBe(1);
  });

  it('leaves nothing on window and document that would keep it in memory (centrifuge-js #389)', async () => {
    const { options } = setUp();
    const spies = [window, document].map((target) => ({
      added: vi.spyOn(target, 'addEventListener'),
      removed: vi.spyOn(target, 'removeEventListener'),
    }));
    const { unmount } = renderHook(() => useWebSocket(url, options));
    await settle();
    // What lives without a component hangs on nothing that outlives it, closed or not.
    createConnection({ address: url, ...options }).open();
    unmount();
    for (const { added, removed } of spies) {
      const listeners = added.mock.calls.map(([type, listener]) => [type, listener]);
      expect(listeners.length).toBeGreaterThan(0);
      expect(removed.mock.calls.map(([type, listener]) => [type, listener])).toEqual(listeners);
    }
  });
});

describe('components that share a connection', () => {
  it('have its heartbeat whoever came first, and one socket though the address is slow (react-use-websocket #268, #120)', async () => {
    const { network, options, time } = setUp();
    let answer: (address: string) => void = () => {};
    const address = () =>
      new Promise<string>((resolve) => {
        answer = resolve;
      });
    const { result } = renderHook(() => useWebSocket(address, { ...options, heartbeat }));
    const pongs: string[] = [];
    const early = renderHook(() =>
      useConnectionListener(result.current, { onPong: () => pongs.push('early') }),
    );
    await settle();
    renderHook(() => useConnectionListener(result.current, { onPong: () => pongs.push('late') }));
    await act(async () => answer(url));
    expect(network.sockets).toHaveLength(1);
    act(() => network.latest.accept());
    early.unmount();
    act(() => time.advance(25_000));
    expect(network.latest.sent).toEqual(['ping']);
    act(() => network.latest.deliver('pong'));
    expect(pongs).toEqual(['late']);
  });
});
