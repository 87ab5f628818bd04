/**
 * Reads new messages of others to who listens: each once, and when several come within a second only how
 * many; never one's own, history, changes, or what was merely scrolled past. That older ones were loaded
 * is said too. The list itself is silent for that reason.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Texts } from '../i18n/en';
import { useTexts } from '../i18n/texts';
import { type ChatMessage, useChat } from '../store/chatStore';
import { kindOfType } from './files/fileKind';
import { plainText } from './MessageBody/plainText';
import { createNews } from './timeline/news';
import { useShownName } from './useShownName';

/** What comes within this time of something that was said waits for its end, in ms. */
const paceMs = 1_000;

/** So many sentences stay in the page, as one may still be waiting to be read out. */
const keptSentences = 3;

/** What is new in another room begins anew. */
export function Announcer() {
  const room = useChat((state) => state.room);
  return <RoomAnnouncer key={room} />;
}

function RoomAnnouncer() {
  const texts = useTexts();
  const shownName = useShownName();
  const mode = useChat((state) => state.mode);
  const messages = useChat((state) => state.messages);
  const [news] = useState(() => createNews(mode, messages));
  const [sentences, setSentences] = useState<readonly { serial: number; text: string }[]>([]);
  const [isPaused, setPaused] = useState(false);
  const [waiting, setWaiting] = useState<readonly ChatMessage[]>([]);
  const serial = useRef(0);

  const say = useCallback((text: string) => {
    serial.current += 1;
    const next = { serial: serial.current, text };
    setSentences((now) => [...now, next].slice(-keptSentences));
  }, []);

  useEffect(() => {
    const { fresh, older } = news(messages);
    if (fresh.length > 0) setWaiting((now) => [...now, ...fresh]);
    if (older > 0) say(texts.timeline.olderLoaded(older));
  }, [news, messages, texts, say]);

  useEffect(() => {
    const [first] = waiting;
    if (isPaused || !first) return;
    const only = waiting.length === 1;
    const end = first.isCut ? texts.aside(texts.timeline.streams.cut) : '';
    const words = `${shownName(first.author)}: ${wordsOf(texts, first)}${end}`;
    say(only ? words : texts.newMessages(waiting.length));
    setWaiting([]);
    setPaused(true);
  }, [waiting, isPaused, texts, say, shownName]);

  useEffect(() => {
    if (!isPaused) return;
    const timer = setTimeout(() => setPaused(false), paceMs);
    return () => clearTimeout(timer);
  }, [isPaused]);

  return (
    <div className="visuallyHidden" data-part="news" aria-live="polite">
      {/* A new element each time: the same words twice are two messages. */}
      {sentences.map(({ serial, text }) => (
        <p key={serial}>{text}</p>
      ))}
    </div>
  );
}

/** What a message says, and what it brings. */
function wordsOf({ files, aside }: Texts, { body, file }: ChatMessage): string {
  const words = plainText(body);
  if (!file) return words;
  const brought = files.said(files.kinds[kindOfType(file.type)], file.name);
  return words === '' ? brought : words + aside(brought);
}
