import { act, renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { describe, expect, it } from 'vitest';
import type { Beat, ChatMessage } from '../chat/types';
import { idleActions } from '../testing/idleActions';
import { ChatStoreProvider, createChatStore, keptBeats, listenerOf, useChat } from './chatStore';

const setUp = () => {
  const store = createChatStore({ mode: 'chat', room: 'lobby', name: 'Ann', actions: idleActions });
  const due: (() => void)[] = [];
  const paint = () => {
    for (const callback of due.splice(0)) callback();
  };
  return { store, listener: listenerOf(store, (callback) => void due.push(callback)), paint };
};
const beat = (rttMs: number): Beat => ({ at: 1, kind: 'beat', rttMs });

describe('the store', () => {
  it('knows one’s name before the server has spoken', () => {
    expect(setUp().store.getState().me).toEqual({ id: '', name: 'Ann' });
  });

  it('remembers the latest beats, and how long the last answer took', () => {
    const { store, listener } = setUp();
    for (let rttMs = 0; rttMs < keptBeats + 5; rttMs += 1) listener.beat(beat(rttMs));
    expect(store.getState().beats).toHaveLength(keptBeats);
    expect(store.getState().rttMs).toBe(keptBeats + 4);
  });

  it('knows no round trip once the line is lost', () => {
    const { store, listener } = setUp();
    listener.beat(beat(7));
    listener.beat({ at: 2, kind: 'lost', rttMs: undefined });
    expect(store.getState().rttMs).toBeUndefined();
  });

  it('keeps each kind of notice once', () => {
    const { store, listener } = setUp();
    listener.notice({ kind: 'no storage' });
    listener.notice({ kind: 'no storage' });
    listener.notice({ kind: 'log changed' });
    expect(store.getState().notices).toEqual([{ kind: 'no storage' }, { kind: 'log changed' }]);
  });
});

const message = (id: string, seq = 1): ChatMessage => ({
  id,
  seq,
  author: { id: 'u2', name: 'Bob' },
  mine: false,
  body: id,
  at: 1,
  state: 'sent',
  hasLeft: true,
  failure: undefined,
});

describe('what is said', () => {
  it('is there once a frame, whatever came since the last', () => {
    const { store, listener, paint } = setUp();
    listener.messages([message('a', 5)]);
    paint();
    listener.messages([message('a', 5), message('b', 6)]);
    listener.messages([message('a', 5), message('b', 6), message('c', 7)]);
    expect(store.getState().messages).toHaveLength(1);
    paint();
    expect(store.getState().messages).toHaveLength(3);
  });

  it('is there at once where it is older than all before, as somebody waits for it, and stays', () => {
    const { store, listener, paint } = setUp();
    const ids = () => store.getState().messages.map(({ id }) => id);
    listener.messages([message('c', 5)]);
    expect(ids()).toEqual(['c']);
    listener.messages([message('c', 5), message('d', 6)]);
    listener.messages([message('b', 4), message('c', 5), message('d', 6)]);
    expect(ids()).toEqual(['b', 'c', 'd']);
    paint();
    expect(ids()).toEqual(['b', 'c', 'd']);
  });
});

describe('another room', () => {
  it('is drawn at once with what is known of it, and nothing of the one before', () => {
    const { store, listener, paint } = setUp();
    listener.messages([message('old')]);
    listener.room('tea', false);
    expect(store.getState()).toMatchObject({ room: 'tea', messages: [], isLoaded: false });
    listener.messages([message('new')]);
    expect(store.getState().messages).toMatchObject([{ id: 'new' }]);
    paint();
    expect(store.getState().messages).toMatchObject([{ id: 'new' }]);
  });

  it('and back is drawn with what was told last', () => {
    const { store, listener, paint } = setUp();
    listener.messages([message('old')]);
    listener.room('tea', false);
    listener.room('lobby', false);
    listener.messages([message('old'), message('new')]);
    paint();
    expect(store.getState().messages).toHaveLength(2);
  });

  it('takes with it what was said of the one before alone', () => {
    const { store, listener } = setUp();
    listener.notice({ kind: 'no storage' });
    listener.notice({ kind: 'forbidden' });
    listener.room('tea', false);
    expect(store.getState().notices).toEqual([{ kind: 'no storage' }]);
  });
});

describe('useChat', () => {
  it('re-renders who selected what changed, and nobody else', () => {
    const { store, listener } = setUp();
    const wrapper = ({ children }: { children: ReactNode }) => (
      <ChatStoreProvider value={store}>{children}</ChatStoreProvider>
    );
    let renders = 0;
    const { result } = renderHook(
      () => {
        renders += 1;
        return useChat(({ hasOlder }) => hasOlder);
      },
      { wrapper },
    );
    act(() => listener.members([{ id: 'u1', name: 'Bob' }], 1));
    expect(renders).toBe(1);
    act(() => listener.hasOlder(true));
    expect(result.current).toBe(true);
    expect(renders).toBe(2);
  });

  it('says what is missing without a provider', () => {
    expect(() => renderHook(() => useChat(({ me }) => me))).toThrow('the chat is read below');
  });
});
