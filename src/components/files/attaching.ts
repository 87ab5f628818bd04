/** What can be done with the files that are attached in a room: added, taken away, sent. Loaded later, as nothing is attached before. */
import { useMemo } from 'react';
import { useStore } from 'zustand';
import {
  type AttachedFile,
  type Attachments,
  attachmentsOf,
  noAttachments,
  type RefusedFile,
  type VoiceEnd,
} from '../../store/attachedFiles';
import { type ChatStore, type UntakenFile, useChat, useChatStoreApi } from '../../store/chatStore';

export interface AttachmentsUse {
  /** Adds what can be sent, and tells what cannot. */
  add(files: readonly File[], refused: readonly RefusedFile[]): void;
  remove(id: number): void;
  /** What was told is known by now. */
  forgetTold(): void;
  tellOfVoice(end: VoiceEnd): void;
  /**
   * Sends all with `body`, each as a message of its own. What has to wait comes back; `onNone` is called when
   * none was taken, and `body` with none.
   */
  send(body: string, replyTo: number | undefined, onNone: () => void): void;
  /** Sends one file without a text; what is written and attached stays. */
  sendAlone(file: File, replyTo: number | undefined): void;
}

/** Counts files as they are attached. */
let attached = 0;

/** The open room's. */
export function useAttachments(): Attachments {
  const room = useChat((state) => state.room);
  return useStore(attachmentsOf(useChatStoreApi()), (rooms) => rooms[room] ?? noAttachments);
}

/** How the open room's are changed, without being drawn again when they are. */
export function useAttaching(): AttachmentsUse {
  const chat = useChatStoreApi();
  const room = useChat((state) => state.room);
  return useMemo(() => attachingIn(chat, room), [chat, room]);
}

export function attachingIn(chat: ChatStore, room: string): AttachmentsUse {
  const store = attachmentsOf(chat);
  const change = (next: (before: Attachments) => Partial<Attachments>) =>
    store.setState((rooms) => {
      const before = rooms[room] ?? noAttachments;
      return { [room]: { ...before, ...next(before) } };
    });

  const deliver = (
    sent: readonly AttachedFile[],
    { body, replyTo, onNone }: { body: string; replyTo: number | undefined; onNone(): void },
  ) => {
    const files = sent.map(({ file }) => file);
    const take = (refused: readonly RefusedFile[]) => {
      if (refused.length === 0) return;
      if (refused.length === files.length) onNone();
      const back = thoseToWait(sent, refused);
      change((before) => ({ files: [...back, ...before.files], refused }));
    };
    const { attach } = chat.getState().actions;
    attach(files, body, replyTo).then(
      (untaken) => take(untaken.map(waitingIfMany)),
      () => take(files.map(({ name }) => ({ name, why: 'not sent' }))),
    );
  };

  return {
    add: (files, refused) =>
      change((before) => ({ ...told, files: [...before.files, ...files.map(numbered)], refused })),
    remove: (id) =>
      change(({ files }) => ({ ...told, files: files.filter((each) => each.id !== id) })),
    forgetTold: () => change(() => told),
    tellOfVoice: (voiceEnd) => change(() => ({ voiceEnd })),
    send(body, replyTo, onNone) {
      const { files } = store.getState()[room] ?? noAttachments;
      change(() => noAttachments);
      deliver(files, { body, replyTo, onNone });
    },
    sendAlone: (file, replyTo) =>
      deliver([numbered(file)], { body: '', replyTo, onNone: () => {} }),
  };
}

const told = { refused: [], voiceEnd: undefined } as const;

function numbered(file: File): AttachedFile {
  attached += 1;
  return { id: attached, file };
}

const waitingIfMany = ({ name, why }: UntakenFile): RefusedFile => ({
  name,
  why: why === 'too many' ? 'waiting' : why,
});

/** Nothing is wrong with these: they can be sent later. */
function thoseToWait(sent: readonly AttachedFile[], refused: readonly RefusedFile[]) {
  const waiting = refused.filter(({ why }) => why === 'waiting' || why === 'not sent');
  const names = waiting.map(({ name }) => name);
  return sent.filter(({ file }) => {
    const at = names.lastIndexOf(file.name);
    if (at >= 0) names.splice(at, 1);
    return at >= 0;
  });
}
