import { useEffect, useRef, useState } from 'react';
import type { ChatMessage } from '../../store/chatStore';
import { lastSent, newBelow } from './rows';

/** How many messages of others have come since the reader left the end. */
export function useNewCount(messages: readonly ChatMessage[], isFollowing: boolean): number {
  const [count, setCount] = useState(0);
  const counted = useRef<ChatMessage>(undefined);

  useEffect(() => {
    if (isFollowing) setCount(0);
    else {
      const more = newBelow(messages, counted.current);
      if (more > 0) setCount((known) => known + more);
    }
    counted.current = lastSent(messages);
  }, [messages, isFollowing]);

  return isFollowing ? 0 : count;
}
