import { act, renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { describe, expect, it } from 'vitest';
import type { Beat, ChatActions } from '../chat/types';
import { ChatStoreProvider, createChatStore, keptBeats, listenerOf, useChat } from './chatStore';

const actions: ChatActions = {
  edit: () => true,
  erase: () => true,
  react: () => true,
  markRead: () => {},
  openRoom: () => {},
  forgetRoom: () => {},
  search: () => {},
  searchMore: () => {},
  loadQuote: () => {},
  loadBackTo: async () => {},
  retryAll: () => {},
  removeAll: () => {},
  send: () => true,
  typing: () => {},
  setPush: () => {},
  retry: () => {},
  remove: () => {},
  unsentCount: () => 0,
  signOut: async () => {},
  disconnect: () => {},
  reconnect: () => {},
  loadOlder: () => {},
  exportRoom: async () => ({ room: 'lobby', messages: [] }),
};
const setUp = () => {
  const store = createChatStore({ mode: 'chat', room: 'lobby', name: 'Ann', actions });
  return { store, listener: listenerOf(store) };
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
    expect(() => renderHook(() => useChat(({ me }) => me))).toThrow('ChatStoreProvider');
  });
});
