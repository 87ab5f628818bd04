/** What users of other libraries suffered in React: lost messages, stray sockets, too many renders. */
import { act, render, renderHook } from '@testing-library/react';
import { Profiler, StrictMode } from 'react';
import { describe, expect, it, vi } from 'vitest';
import { MessageList } from '../../components/MessageList';
import type { Address } from '../../connection/contract';
import {
  type UseWebSocketOptions,
  useConnectionListener,
  useWebSocket,
} from '../../connection/useWebSocket';
import { en } from '../../i18n/en';
import { TextsProvider } from '../../i18n/texts';
import { ChatStoreProvider, createChatStore, listenerOf } from '../../store/chatStore';
import { createChatWorld, logged } from '../../testing/chatWorld';
import { createFakeNetwork } from '../../testing/fakeSocket';
import { createManualTime } from '../../testing/manualTime';

const url = 'wss://chat.example/ws';
/** Lets what was put off to the end of the turn happen. */
const settle = () => act(async () => {});

function setUp(address: Address = url) {
  const time = createManualTime();
  const network = createFakeNetwork();
  const world: UseWebSocketOptions = { time, openSocket: network.open, random: () => 0 };
  const live = () => network.sockets.filter(({ readyState }) => readyState < 2);
  return { time, network, world, address, live };
}

/** A list on a store that a session feeds; frames are drawn when the test says so. */
function renderList() {
  const frames: (() => void)[] = [];
  const actions = createChatWorld().session.actions;
  const store = createChatStore({ mode: 'chat', room: 'lobby', name: 'Ann', actions });
  const { messages } = listenerOf(store, (draw) => void frames.push(draw));
  const world = createChatWorld({ onMessages: messages });
  const onCommit = vi.fn();
  const view = render(
    <TextsProvider language="en" texts={en}>
      <ChatStoreProvider value={store}>
        <Profiler id="list" onRender={onCommit}>
          <MessageList />
        </Profiler>
      </ChatStoreProvider>
    </TextsProvider>,
  );
  const drawFrame = () =>
    act(() => {
      for (const draw of frames.splice(0)) draw();
    });
  const bodies = () =>
    [...view.container.querySelectorAll('[data-part="body"]')].map((each) => each.textContent);
  return { world, onCommit, drawFrame, bodies };
}

describe('messages that come fast', () => {
  it('are all heard, two in one turn as well (react-use-websocket #135)', async () => {
    const { world, network } = setUp();
    const heard: unknown[] = [];
    renderHook(() => useWebSocket(url, { ...world, onMessage: (data) => heard.push(data) }));
    await settle();
    act(() => {
      network.latest.accept();
      network.latest.deliver('one');
      network.latest.deliver('two');
    });
    expect(heard).toEqual(['one', 'two']);
  });

  it('are drawn together, and none is missed: 1,000 in a burst are one commit (react-use-websocket #200, #211)', () => {
    const { world, onCommit, drawFrame, bodies } = renderList();
    act(() => world.connect());
    drawFrame();
    onCommit.mockClear();
    act(() => {
      for (let seq = 1; seq <= 1_000; seq += 1) {
        world.serverSends({ t: 'msg', room: 'lobby', epoch: 'e1', ...logged(seq) });
      }
    });
    expect(onCommit).not.toHaveBeenCalled();
    drawFrame();
    expect(onCommit.mock.calls.length).toBeLessThanOrEqual(3);
    expect(bodies()).toEqual(Array.from({ length: 1_000 }, (_, index) => `number ${index + 1}`));
  });

  it('re-render nobody who does not ask for them (react-use-websocket #93)', async () => {
    const { world, network } = setUp();
    let renders = 0;
    renderHook(() => {
      renders += 1;
      return useWebSocket(url, { ...world, onMessage: () => {} });
    });
    await settle();
    act(() => network.latest.accept());
    const before = renders;
    act(() => {
      for (let index = 0; index < 100; index += 1) network.latest.deliver(`message ${index}`);
    });
    expect(renders).toBe(before);
  });
});

describe('mounting', () => {
  it('opens one socket under StrictMode, also when the address has to be waited for (react-use-websocket #119, #138; partykit #336)', async () => {
    const { world, network, live } = setUp();
    let answer: (address: string) => void = () => {};
    const address = () => new Promise<string>((resolve) => (answer = resolve));
    renderHook(() => useWebSocket(address, world), { wrapper: StrictMode });
    await settle();
    await act(async () => answer(url));
    expect(network.sockets).toHaveLength(1);
    expect(live()).toHaveLength(1);
  });

  it('leaves no stray socket when it ends before the address has come (react-use-websocket #138)', async () => {
    const { world, network } = setUp();
    let answer: (address: string) => void = () => {};
    const address = () => new Promise<string>((resolve) => (answer = resolve));
    const { unmount } = renderHook(() => useWebSocket(address, world));
    await settle();
    unmount();
    await act(async () => answer(url));
    expect(network.sockets).toEqual([]);
  });

  it('makes one client, however often the component renders (ably-js #1439, #1545, #1779)', async () => {
    const { world, network } = setUp();
    const { rerender, result } = renderHook(() => useWebSocket(() => url, { ...world }));
    const first = result.current;
    await settle();
    for (let round = 0; round < 100; round += 1) rerender();
    await settle();
    expect(network.sockets).toHaveLength(1);
    expect(result.current).toBe(first);
  });

  it('leaves nothing on window or document that would keep the client in memory (centrifuge #389)', async () => {
    const { world } = setUp();
    const targets = [window, document];
    const count = () =>
      targets.map((target) => {
        const added = vi.spyOn(target, 'addEventListener');
        const removed = vi.spyOn(target, 'removeEventListener');
        return { added, removed };
      });
    const spies = count();
    const { unmount } = renderHook(() => useWebSocket(url, world));
    await settle();
    unmount();
    for (const { added, removed } of spies) {
      const typed = (calls: unknown[][]) => calls.map(([type, listener]) => [type, listener]);
      expect(typed(removed.mock.calls)).toEqual(expect.arrayContaining(typed(added.mock.calls)));
    }
  });
});

describe('components that share a connection', () => {
  it('have one socket and one heartbeat, whoever came first, also with an address that is waited for (react-use-websocket #268, #120)', async () => {
    const { world, network, time } = setUp();
    const heartbeat = {
      intervalMs: 25_000,
      timeoutMs: 10_000,
      ping: () => 'ping',
      isPong: (data: unknown) => data === 'pong',
    };
    const owner = renderHook(() => useWebSocket(async () => url, { ...world, heartbeat }));
    const pongs = [0, 0];
    const sharers = pongs.map((_, index) =>
      renderHook(() =>
        useConnectionListener(owner.result.current, {
          onPong: () => {
            pongs[index] = (pongs[index] ?? 0) + 1;
          },
        }),
      ),
    );
    await settle();
    act(() => network.latest.accept());
    sharers[0]?.unmount();
    act(() => time.advance(25_000));
    expect(network.latest.sent).toEqual(['ping']);
    act(() => network.latest.deliver('pong'));
    expect(pongs).toEqual([0, 1]);
    expect(network.sockets).toHaveLength(1);
  });
});
