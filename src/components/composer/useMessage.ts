/**
 * The message that is being written: a new one, an answer, or one's own that is changed. While a message
 * is changed the draft waits, and is there again afterwards.
 */
import { useEffect, useRef, useState } from 'react';
import { useAttachmentCount } from '../../store/attachedFiles';
import { type ChatState, useChat, useChatStoreApi } from '../../store/chatStore';
import { type ComposerTarget, useComposerTarget } from '../../store/composerTarget';
import { useLaterParts } from '../later';
import { useDraft } from '../useDraft';
import { readCommand, written } from './commands';
import { isBlank } from './isBlank';
import { measure } from './messageLength';

/** Why what is in the field was not sent. */
export type Problem =
  | 'only spaces'
  | 'too long'
  | 'command alone'
  | 'nothing left'
  | 'cannot change'
  | 'outbox full';

export interface Message {
  text: string;
  target: ComposerTarget | undefined;
  problem: Problem | undefined;
  write(text: string): void;
  submit(): void;
  /** Gives up the answer or the change. */
  cancel(): void;
  /** Begins to change one's last message; false if there is none that can be changed. */
  editLast(): boolean;
}

export function useMessage(): Message {
  const chat = useChatStoreApi();
  const room = useChat((state) => state.room);
  const { send, edit, typing } = useChat((state) => state.actions);
  const { target, edit: beginEdit, clear } = useComposerTarget();
  const changed = target?.kind === 'edit' ? target.message : undefined;
  const key = changed ? `draft ${room} edit ${changed.id}` : `draft ${room}`;
  const { text, setText, forget } = useDraft(key, changed?.body);
  const hasFiles = useAttachmentCount() > 0 && !changed;
  const parts = useLaterParts();
  /** What is written by now, for what comes back later. */
  const latest = useRef(text);
  useEffect(() => {
    latest.current = text;
  });
  // A problem is one of the text that it was found in.
  const [found, setFound] = useState<{ problem: Problem; of: string; key: string }>();
  const problem = found?.of === text && found.key === key ? found.problem : undefined;

  const editLast = () => {
    const last = lastOwn(chat.getState());
    if (last) beginEdit(last);
    return last !== undefined;
  };

  const take = (): Problem | undefined => {
    const body = changed ? text : written(text);
    const isCaption = hasFiles && isBlank(text);
    const reason = isCaption ? undefined : reasonNotToSend(text, body, changed !== undefined);
    if (reason) return reason;
    if (changed)
      return body === changed.body || edit(changed.id, body) ? undefined : 'cannot change';
    const seq = target?.message.seq;
    if (hasFiles && parts) {
      // A text of which no file was taken is written still.
      const giveBack = () => latest.current === '' && setText(text);
      parts.attachingIn(chat, room).send(isCaption ? '' : body, seq, giveBack);
      return undefined;
    }
    return (seq === undefined ? send(body) : send(body, seq)) ? undefined : 'outbox full';
  };

  return {
    text,
    target,
    problem,
    write(next) {
      setText(next);
      setFound(undefined);
      if (!isBlank(next) && !changed) typing();
    },
    submit() {
      if (text === '' && !changed && !hasFiles) return;
      const command = changed ? undefined : readCommand(text);
      if (command?.name === 'edit' && isBlank(command.rest)) {
        if (editLast()) forget();
        else setFound({ problem: 'cannot change', of: text, key });
        return;
      }
      const reason = take();
      if (reason) setFound({ problem: reason, of: text, key });
      else {
        forget();
        if (target) clear();
      }
    },
    cancel() {
      if (changed) forget();
      clear();
    },
    editLast,
  };
}

function reasonNotToSend(text: string, body: string, isChange: boolean): Problem | undefined {
  if (isBlank(body)) return isChange ? 'nothing left' : 'only spaces';
  if (measure(body).excess > 0) return 'too long';
  const command = isChange ? undefined : readCommand(text);
  if (command && isBlank(command.rest) && body === text) return 'command alone';
  return undefined;
}

/** One's newest message, unless that is on its way, or cannot be changed where nothing is acknowledged. */
function lastOwn({ messages, mode }: ChatState) {
  const last = messages.findLast(
    ({ mine, deleted, live }) => mine && !live && deleted === undefined,
  );
  if (!last || last.state === 'sending' || last.change?.kind === 'delete') return undefined;
  return mode === 'plain' && last.state === 'sent' ? undefined : last;
}
