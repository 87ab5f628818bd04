/**
 * Reads new messages of others to who listens: each once, several at a time as a count, and never
 * history, one's own, or what was merely scrolled past. The list itself is silent for that reason.
 */
import { useEffect, useRef, useState } from 'react';
import { useTexts } from '../i18n/texts';
import { type ChatMessage, useChat } from '../store/chatStore';

export function Announcer() {
  const texts = useTexts();
  const messages = useChat((state) => state.messages);
  const isOpen = useChat((state) => state.connection.status === 'open');
  const [spoken, setSpoken] = useState('');
  /** Up to where the reader was told; unknown until the first page is here. */
  const toldUpTo = useRef<number | undefined>(undefined);

  useEffect(() => {
    const last = lastSequence(messages);
    const told = toldUpTo.current;
    if (told === undefined) {
      if (last > 0 || isOpen) toldUpTo.current = last;
      return;
    }
    toldUpTo.current = Math.max(told, last);
    const fresh = messages.filter(({ seq = 0, mine }) => seq > told && !mine);
    const [only] = fresh;
    if (!only) return;
    setSpoken(
      fresh.length === 1 ? `${only.author.name}: ${only.body}` : texts.newMessages(fresh.length),
    );
  }, [messages, isOpen, texts]);

  return (
    <div className="visuallyHidden" aria-live="polite">
      {spoken}
    </div>
  );
}

function lastSequence(messages: readonly ChatMessage[]): number {
  return messages.findLast(({ seq }) => seq !== undefined)?.seq ?? 0;
}
