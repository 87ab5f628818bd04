/**
 * Where a message's file is to be had just now. A link ends after a while: what cannot be loaded by it is tried
 * once more by a new one before it counts as failed. What failed is tried again when the line is back.
 */
import { useEffect, useState } from 'react';
import { type ChatMessage, type FilePart, useChat } from '../../store/chatStore';

export interface Link {
  /** Undefined until it is known. */
  url: string | undefined;
  /** Another one for each try, even of the same `url`: the element that loads it is made anew. */
  tries: number;
  hasFailed: boolean;
  /** What is behind it was loaded. */
  onLoaded(): void;
  /** What is behind it could not be loaded. */
  onFailed(): void;
  tryAgain(): void;
}

interface Answer {
  /** To which try. */
  readonly tries: number;
  readonly url: string | undefined;
}

/** `isWanted`: it is not asked for before. A message without a place in the room has none. */
export function useLink({ seq }: ChatMessage, part: FilePart, isWanted: boolean): Link {
  const { linkOf } = useChat((state) => state.actions);
  const isOpen = useChat((state) => state.connection.status === 'open');
  const [tries, setTries] = useState(1);
  const [answer, setAnswer] = useState<Answer>();
  /** How often in a row what is behind the link could not be loaded. */
  const [failures, setFailures] = useState(0);
  const hasAnswer = answer?.tries === tries;
  /** The latest that was said. Where another try begins nothing could be loaded by it. */
  const said = answer?.url;
  const hasFailed = hasAnswer && (said === undefined || failures > 1);

  const tryAgain = () => {
    setFailures(0);
    setTries(tries + 1);
  };

  const [wasOpen, setWasOpen] = useState(isOpen);
  if (wasOpen !== isOpen) {
    setWasOpen(isOpen);
    if (isOpen && hasFailed) tryAgain();
  }

  useEffect(() => {
    if (!isWanted || !isOpen || seq === undefined || hasAnswer) return;
    let isStale = false;
    const take = (url?: string) => {
      if (!isStale) setAnswer({ tries, url });
    };
    linkOf(seq, part, said).then(take, () => take());
    return () => {
      isStale = true;
    };
  }, [isWanted, isOpen, seq, part, tries, hasAnswer, said, linkOf]);

  return {
    url: said,
    tries: answer?.tries ?? 0,
    hasFailed,
    onLoaded: () => setFailures(0),
    onFailed() {
      setFailures(failures + 1);
      if (failures === 0) setTries(tries + 1);
    },
    tryAgain,
  };
}
