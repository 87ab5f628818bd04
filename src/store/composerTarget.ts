/**
 * What the next text that is written is for: an answer to a message, a message to be changed, or, when
 * there is no target, simply the room. Rows set it, the form reads it. Each room keeps its own, as it keeps
 * its draft; it lives as long as the chat's store, beside it, as no session knows of it.
 */
import { useMemo } from 'react';
import { createStore, type StoreApi, useStore } from 'zustand';
import { type ChatMessage, type ChatStore, useChat, useChatStoreApi } from './chatStore';

export type ComposerTarget =
  | { readonly kind: 'reply'; readonly message: ChatMessage }
  | { readonly kind: 'edit'; readonly message: ChatMessage };

export interface ComposerTargetUse {
  /** Undefined while what is written is simply said. The message is as it was when it was chosen. */
  readonly target: ComposerTarget | undefined;
  replyTo(message: ChatMessage): void;
  edit(message: ChatMessage): void;
  clear(): void;
}

type Targets = Readonly<Record<string, ComposerTarget | undefined>>;

const targetsOf = new WeakMap<ChatStore, StoreApi<Targets>>();

function targetStoreOf(chat: ChatStore): StoreApi<Targets> {
  let targets = targetsOf.get(chat);
  if (!targets) {
    targets = createStore<Targets>(() => ({}));
    targetsOf.set(chat, targets);
  }
  return targets;
}

/** How the open room's target is set, without being drawn again when it changes. */
export function useSetComposerTarget(): Omit<ComposerTargetUse, 'target'> {
  const targets = targetStoreOf(useChatStoreApi());
  const room = useChat((state) => state.room);
  return useMemo(
    () => ({
      replyTo: (message) => targets.setState({ [room]: { kind: 'reply', message } }),
      edit: (message) => targets.setState({ [room]: { kind: 'edit', message } }),
      clear: () => targets.setState({ [room]: undefined }),
    }),
    [targets, room],
  );
}

/** The target of the open room, and how it is set. */
export function useComposerTarget(): ComposerTargetUse {
  const room = useChat((state) => state.room);
  const target = useStore(targetStoreOf(useChatStoreApi()), (targets) => targets[room]);
  return { target, ...useSetComposerTarget() };
}
