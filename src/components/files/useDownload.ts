/** Saves a message's file, by a link that is fresh. */
import { useState } from 'react';
import { type ChatMessage, useChat } from '../../store/chatStore';

export interface Download {
  /** Undefined for a message that is not in the room, whose file is here already. */
  start: (() => void) | undefined;
  state: 'idle' | 'asking' | 'failed';
}

export function useDownload({ seq, file }: ChatMessage): Download {
  const { linkOf } = useChat((chat) => chat.actions);
  const [state, setState] = useState<Download['state']>('idle');
  if (seq === undefined || !file) return { start: undefined, state };
  const start = () => {
    setState('asking');
    linkOf(seq, 'whole').then(
      (url) => {
        save(url, file.name);
        setState('idle');
      },
      () => setState('failed'),
    );
  };
  return { start, state };
}

/** Has the browser save what is behind an address. One of another origin that it shows instead does not take this page's place. */
function save(url: string, name: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.rel = 'noopener noreferrer';
  if (new URL(url, document.baseURI).origin !== location.origin) link.target = '_blank';
  document.body.append(link);
  link.click();
  link.remove();
}
