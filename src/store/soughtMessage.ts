/**
 * The message that somebody wants to be taken to, by a link, a quote or something found. Whoever wants it
 * says its place here; the list takes the wish, and goes there, loading what it lacks.
 */
import { useCallback } from 'react';
import { createStore, type StoreApi, useStore } from 'zustand';
import { type ChatStore, useChat, useChatStoreApi } from './chatStore';

interface SoughtMessage {
  /** The wish is for this room: in another one it means nothing. */
  readonly room: string;
  readonly seq: number;
}

interface Wish {
  readonly sought: SoughtMessage | undefined;
}

const wishOf = new WeakMap<ChatStore, StoreApi<Wish>>();

function wishStoreOf(chat: ChatStore): StoreApi<Wish> {
  let wish = wishOf.get(chat);
  if (!wish) {
    wish = createStore<Wish>(() => ({ sought: undefined }));
    wishOf.set(chat, wish);
  }
  return wish;
}

/** Takes the reader to the message at a place of the open room. */
export function useGoToMessage(): (seq: number) => void {
  const wish = wishStoreOf(useChatStoreApi());
  const room = useChat((state) => state.room);
  return useCallback((seq: number) => wish.setState({ sought: { room, seq } }), [wish, room]);
}

/** For the list: what is wanted of the open room, and how that is taken, so that it is done once. */
export function useSoughtMessage(): { sought: SoughtMessage | undefined; take(): void } {
  const wish = wishStoreOf(useChatStoreApi());
  const room = useChat((state) => state.room);
  const sought = useStore(wish, (state) => state.sought);
  const take = useCallback(() => wish.setState({ sought: undefined }), [wish]);
  return { sought: sought?.room === room ? sought : undefined, take };
}
