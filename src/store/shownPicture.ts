/**
 * The picture of the open room that is shown large, if one is. A row says which; what shows it lies over the
 * page, and goes on to the next by itself.
 */
import { useMemo } from 'react';
import { createStore, type StoreApi, useStore } from 'zustand';
import { type ChatStore, useChat, useChatStoreApi } from './chatStore';

interface Shown {
  /** The place of its message, and the room: in another one it means nothing. */
  readonly picture: { readonly room: string; readonly seq: number } | undefined;
}

const shownOf = new WeakMap<ChatStore, StoreApi<Shown>>();

function shownStoreOf(chat: ChatStore): StoreApi<Shown> {
  let shown = shownOf.get(chat);
  if (!shown) {
    shown = createStore<Shown>(() => ({ picture: undefined }));
    shownOf.set(chat, shown);
  }
  return shown;
}

/** Shows the picture of the message at a place of the open room, or none. */
export function useShowPicture(): (seq: number | undefined) => void {
  const shown = shownStoreOf(useChatStoreApi());
  const room = useChat((state) => state.room);
  return useMemo(
    () => (seq) => shown.setState({ picture: seq === undefined ? undefined : { room, seq } }),
    [shown, room],
  );
}

/** The place of the message whose picture is shown; undefined where none is. */
export function useShownPicture(): number | undefined {
  const room = useChat((state) => state.room);
  const picture = useStore(shownStoreOf(useChatStoreApi()), (state) => state.picture);
  return picture?.room === room ? picture.seq : undefined;
}
