/**
 * Files that are attached to what is being written and not sent yet, and those that could not be. Each room
 * keeps its own, as it keeps its draft, for as long as the chat's store lives: a browser gives no file twice.
 */
import { createStore, type StoreApi, useStore } from 'zustand';
import {
  type ChatStore,
  type UntakenFile,
  type UntakenReason,
  useChat,
  useChatStoreApi,
} from './chatStore';

export interface AttachedFile {
  /** Unlike that of every other; the same file may be attached twice. */
  readonly id: number;
  readonly file: File;
}

/**
 * `too many`: not attached. `waiting`: attached still, as too many are on their way. `not sent`: likewise, as
 * what sends files could not be loaded.
 */
export interface RefusedFile extends Omit<UntakenFile, 'why'> {
  readonly why: UntakenReason | 'waiting' | 'not sent';
}

export interface Attachments {
  readonly files: readonly AttachedFile[];
  /** Of the latest that were attached or sent, to be told once. */
  readonly refused: readonly RefusedFile[];
  /** Why the latest voice note ended by itself, and is attached. */
  readonly voiceEnd: VoiceEnd | undefined;
}

/** `too long`: at the longest there may be. `ended`: with the microphone. */
export type VoiceEnd = 'too long' | 'ended';

export type AttachmentsByRoom = Readonly<Record<string, Attachments | undefined>>;

export const noAttachments: Attachments = { files: [], refused: [], voiceEnd: undefined };
const storeOf = new WeakMap<ChatStore, StoreApi<AttachmentsByRoom>>();
export function attachmentsOf(chat: ChatStore): StoreApi<AttachmentsByRoom> {
  let store = storeOf.get(chat);
  if (!store) {
    store = createStore<AttachmentsByRoom>(() => ({}));
    storeOf.set(chat, store);
  }
  return store;
}

/** How many are attached in the open room. */
export function useAttachmentCount(): number {
  const room = useChat((state) => state.room);
  return useStore(attachmentsOf(useChatStoreApi()), (rooms) => rooms[room]?.files.length ?? 0);
}
