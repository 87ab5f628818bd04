/**
 * Takes the reader to a message that is sought: by the address of the page, by a quote, or by what was
 * found. Loads what is older until it is there, and says so when it is gone or cannot be reached.
 */
import { useEffect, useState } from 'react';
import { type ChatMessage, useChat, useChatStoreApi } from '../../store/chatStore';
import { nextFrame } from '../../store/frameBatch';
import { useGoToMessage, useSoughtMessage } from '../../store/soughtMessage';
import { seqInHash } from './permalink';
import { indexAt } from './rows';

export interface Seek {
  status: 'idle' | 'loading' | 'gone' | 'failed';
  /** What was found last, for as long as nothing else is sought. */
  found: ChatMessage | undefined;
  dismiss(): void;
}

const nothing = { status: 'idle', found: undefined } as const;

export function useSeek(): Seek {
  const store = useChatStoreApi();
  const isLoaded = useChat((state) => state.isLoaded);
  const { sought, take } = useSoughtMessage();
  const [wanted, setWanted] = useState<{ seq: number }>();
  const [state, setState] = useState<Omit<Seek, 'dismiss'>>(nothing);
  useAddress();

  useEffect(() => {
    if (!sought) return;
    take();
    setWanted({ seq: sought.seq });
  }, [sought, take]);

  useEffect(() => {
    if (!wanted || !isLoaded) return;
    let isWanted = true;
    const tell = (next: Omit<Seek, 'dismiss'>) => {
      if (isWanted) setState(next);
    };
    const look = () => {
      const { messages } = store.getState();
      return messages[indexAt(messages, wanted.seq)];
    };
    const seek = async () => {
      // What was told last is in the store with the next frame.
      await untilFrame();
      let found = look();
      const { messages, hasOlder, actions } = store.getState();
      const isOlder = (messages[0]?.seq ?? 0) > wanted.seq;
      if (!found && isOlder && hasOlder) {
        tell({ status: 'loading', found: undefined });
        await actions.loadBackTo(wanted.seq);
        await untilFrame();
        found = look();
      }
      tell(found ? { status: 'idle', found } : { status: 'gone', found: undefined });
    };
    seek().catch(() => tell({ status: 'failed', found: undefined }));
    return () => {
      isWanted = false;
    };
  }, [store, wanted, isLoaded]);

  return { ...state, dismiss: () => setState(nothing) };
}

/** An address that names a message leads to it, at once and whenever it changes. */
function useAddress() {
  const goTo = useGoToMessage();
  useEffect(() => {
    const look = () => {
      const seq = seqInHash(location.hash);
      if (seq !== undefined) goTo(seq);
    };
    look();
    window.addEventListener('hashchange', look);
    return () => window.removeEventListener('hashchange', look);
  }, [goTo]);
}

function untilFrame(): Promise<void> {
  return new Promise((resolve) => nextFrame(resolve));
}
