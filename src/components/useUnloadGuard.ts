import { useEffect } from 'react';
import { useChat } from '../store/chatStore';

/**
 * Where the browser keeps nothing, leaving the page loses what was not sent: then the browser asks
 * first. Elsewhere nobody is asked, as everything is found again.
 */
export function useUnloadGuard(): void {
  const wouldLose = useChat(
    ({ notices, messages }) =>
      notices.some(({ kind }) => kind === 'no storage') &&
      messages.some(({ mine, state, live }) => mine && state !== 'sent' && !live),
  );
  useEffect(() => {
    if (!wouldLose) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [wouldLose]);
}
