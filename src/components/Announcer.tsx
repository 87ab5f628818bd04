/**
 * Reads new messages of others to who listens: each once, several at a time as a count, and never
 * history, one's own, or what was merely scrolled past. The list itself is silent for that reason.
 */
import { useEffect, useRef, useState } from 'react';
import { useTexts } from '../i18n/texts';
import { type ChatMessage, useChat } from '../store/chatStore';
import { fullName } from './fullName';

export function Announcer() {
  const texts = useTexts();
  const mode = useChat((state) => state.mode);
  const messages = useChat((state) => state.messages);
  const [spoken, setSpoken] = useState({ serial: 0, text: '' });
  const unread = useRef(messages);
  /** Up to which place the reader was told. In plain mode there is no history to await. */
  const toldUpTo = useRef(mode === 'plain' ? 0 : undefined);

  useEffect(() => {
    const last = lastPlace(messages);
    const told = toldUpTo.current;
    // The room's first page, which may be empty, is history, and comes some time after the line.
    const isEmptyPage = messages !== unread.current && messages.length === 0;
    if (told !== undefined || last > 0 || isEmptyPage) toldUpTo.current = last;
    // Back at an earlier place the log was replaced: what is there now is history too.
    if (told === undefined || last <= told) return;
    const fresh = messages.filter(
      (message, index) => !message.mine && place(message, index) > told,
    );
    const [only] = fresh;
    if (!only) return;
    const text =
      fresh.length === 1
        ? `${fullName(only.author)}: ${only.body}`
        : texts.newMessages(fresh.length);
    setSpoken(({ serial }) => ({ serial: serial + 1, text }));
  }, [messages, texts]);

  return (
    <div className="visuallyHidden" aria-live="polite">
      {/* A new element each time: the same words twice are two messages. */}
      <p key={spoken.serial}>{spoken.text}</p>
    </div>
  );
}

/** The place in the room: its sequence number, or in plain mode, where none is, its place in the list. */
function place({ seq, state }: ChatMessage, index: number): number {
  return seq ?? (state === 'sent' ? index + 1 : 0);
}

function lastPlace(messages: readonly ChatMessage[]): number {
  const index = messages.findLastIndex(({ state }) => state === 'sent');
  const last = messages[index];
  return last ? place(last, index) : 0;
}
