/**
 * Where one writes. Enter sends and Shift+Enter breaks the line; Enter that ends a composition (Pinyin,
 * Kana) does neither. Sending never waits for the line: without one the message queues.
 */
import { type FormEvent, type KeyboardEvent, useRef, useState } from 'react';
import { useTexts } from '../i18n/texts';
import { useChat } from '../store/chatStore';
import styles from './SendForm.module.css';
import { useDraft } from './useDraft';
import { Writing } from './Writing';

/** The longest message, in code points, as the server has it. */
const maxLength = 10_000;

/** From how many characters on the count is shown. */
const countFrom = 9_500;

export function SendForm() {
  const texts = useTexts();
  const room = useChat((state) => state.room);
  const { send, typing } = useChat((state) => state.actions);
  const [draft, setDraft] = useDraft(room);
  const field = useRef<HTMLTextAreaElement>(null);
  const length = lengthOf(draft);
  const isTooLong = length > maxLength;
  const [isRefused, setRefused] = useState(false);

  const submit = () => {
    if (draft.trim() === '' || isTooLong) return;
    const isTaken = send(draft);
    setRefused(!isTaken);
    if (isTaken) setDraft('');
    field.current?.focus();
  };

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    submit();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || isComposing(event) || isTouchScreen()) return;
    event.preventDefault();
    submit();
  };

  return (
    <div className={styles.frame}>
      <form className={styles.form} onSubmit={onSubmit}>
        <Writing />
        <Unsent />
        {isRefused && (
          <p className={styles.refused} role="alert">
            {texts.outboxFull}
          </p>
        )}
        <div className={styles.row}>
          <div className={styles.grow} data-text={`${draft} `}>
            <textarea
              ref={field}
              className={styles.field}
              aria-label={texts.message}
              aria-invalid={isTooLong}
              aria-describedby="message-length"
              placeholder={texts.message}
              enterKeyHint="send"
              dir="auto"
              rows={1}
              value={draft}
              onChange={(event) => {
                setDraft(event.target.value);
                if (event.target.value !== '') typing();
              }}
              onKeyDown={onKeyDown}
            />
          </div>
          <button type="submit" className={styles.send}>
            {texts.send}
          </button>
        </div>
        <p id="message-length" className={styles.length} data-too-long={isTooLong}>
          {isTooLong
            ? texts.tooLong(length - maxLength)
            : length >= countFrom && texts.charactersLeft(maxLength - length)}
        </p>
      </form>
    </div>
  );
}

function Unsent() {
  const texts = useTexts();
  const unsent = useChat(
    ({ messages }) => messages.filter(({ state }) => state === 'queued').length,
  );
  const isOpen = useChat(({ connection }) => connection.status === 'open');
  if (unsent === 0 || isOpen) return null;
  return <p className={styles.unsent}>{texts.unsent(unsent)}</p>;
}

/** Safari ends the composition before its Enter comes, which only the old key code 229 still tells. */
function isComposing({ nativeEvent }: KeyboardEvent): boolean {
  return nativeEvent.isComposing || nativeEvent.keyCode === 229;
}

/** On a screen keyboard Enter breaks the line: there is a button to send, and no Shift at hand. */
function isTouchScreen(): boolean {
  return window.matchMedia?.('(pointer: coarse) and (not (any-pointer: fine))').matches ?? false;
}

/** In code points, as the server counts; a text that is short even in UTF-16 units need not be. */
function lengthOf(text: string): number {
  return text.length < countFrom ? text.length : [...text].length;
}
