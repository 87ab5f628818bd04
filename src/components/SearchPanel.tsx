/**
 * Finds what was said in the open room: in all of it where there is a line, else in what is loaded here;
 * which of both is told. A message that was found is a way to its place in the conversation.
 */
import { type KeyboardEvent, useEffect, useEffectEvent, useRef, useState } from 'react';
import { useTexts } from '../i18n/texts';
import { useChat } from '../store/chatStore';
import { CloseButton } from './CloseButton';
import { isComposing } from './composer/keys';
import { FoundList } from './FoundList';
import { Icon } from './Icon';
import styles from './SearchPanel.module.css';

export interface SearchPanelProps {
  /** Shows the message at this place in the room. */
  onGoTo(seq: number): void;
  onClose(): void;
}

/** So long after the last key, in ms, it is searched for what stands there. */
const pauseMs = 300;

export function SearchPanel({ onGoTo, onClose }: SearchPanelProps) {
  const { rooms: texts } = useTexts();
  const { search } = useChat((state) => state.actions);
  const [text, setText] = useState('');
  const [isHalfComposed, setHalfComposed] = useState(false);
  const panel = useRef<HTMLElement>(null);
  const field = useRef<HTMLInputElement>(null);

  const searchFor = useEffectEvent(search);
  useEffect(() => {
    field.current?.focus();
    return () => searchFor('');
  }, []);

  useEffect(() => {
    // What is half composed is not yet what is meant.
    if (isHalfComposed) return;
    const wanted = text.trim();
    if (wanted === '') {
      searchFor('');
      return;
    }
    const timer = setTimeout(() => searchFor(wanted), pauseMs);
    return () => clearTimeout(timer);
  }, [text, isHalfComposed]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event)) return;
    if (event.key === 'Escape') {
      event.stopPropagation();
      event.preventDefault();
      onClose();
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (moveFocus(panel.current, event.key === 'ArrowDown' ? 1 : -1)) event.preventDefault();
    }
  };

  return (
    <search
      ref={panel}
      className={styles.panel}
      data-focus-group=""
      aria-label={texts.search}
      onKeyDown={onKeyDown}
    >
      <form
        className={styles.head}
        onSubmit={(event) => {
          event.preventDefault();
          search(text.trim());
        }}
      >
        <span className={styles.field}>
          <Icon name="search" />
          <input
            ref={field}
            type="search"
            data-stop=""
            data-shortcut="search"
            aria-label={texts.searchField}
            placeholder={texts.searchField}
            autoComplete="off"
            enterKeyHint="search"
            dir="auto"
            value={text}
            onChange={(event) => setText(event.target.value)}
            onCompositionStart={() => setHalfComposed(true)}
            onCompositionEnd={() => setHalfComposed(false)}
          />
        </span>
        <CloseButton onClose={onClose} />
      </form>
      <Scope />
      <Results onGoTo={onGoTo} />
    </search>
  );
}

/** From the field through what was found and back; false at an end. */
function moveFocus(panel: HTMLElement | null, step: 1 | -1): boolean {
  const stops = [...(panel?.querySelectorAll<HTMLElement>('[data-stop]') ?? [])];
  const at = stops.findIndex((stop) => stop.matches(':focus'));
  const next = stops[at + step];
  next?.focus();
  return next !== undefined;
}

function Scope() {
  const { rooms: texts } = useTexts();
  const scope = useChat(
    ({ search, connection }) => search?.scope ?? (connection.status === 'open' ? 'room' : 'loaded'),
  );
  return (
    <p className={styles.scope} data-scope={scope}>
      {scope === 'room' ? texts.scopeRoom : texts.scopeLoaded}
    </p>
  );
}

function Results({ onGoTo }: { onGoTo(seq: number): void }) {
  const texts = useTexts();
  const search = useChat((state) => state.search);
  const actions = useChat((state) => state.actions);
  const { status, found = [], hasMore = false, text = '' } = search ?? {};
  return (
    <div className={styles.results} aria-busy={status === 'searching'}>
      {/* There when it is empty, too: only a change inside is read out. */}
      <p className={styles.summary} role="status">
        {status === 'searching' && texts.rooms.searching}
        {status === 'failed' && texts.rooms.searchFailed}
        {status === 'done' && found.length > 0 && texts.rooms.found(found.length, hasMore)}
        {status === 'done' && found.length === 0 && texts.rooms.nothingFound(text)}
      </p>
      {status === 'done' && found.length === 0 && (
        <p className={styles.hint}>{texts.rooms.nothingFoundHint}</p>
      )}
      {!search && <p className={styles.hint}>{texts.rooms.searchHint}</p>}
      {status === 'failed' && (
        <button
          type="button"
          onClick={() => (found.length > 0 ? actions.searchMore() : actions.search(text))}
        >
          {texts.retry}
        </button>
      )}
      <FoundList found={found} text={text} onGoTo={onGoTo} />
      {/* It stays while more is looked for, and keeps the focus. */}
      {hasMore && status !== 'failed' && (
        <button type="button" data-stop="" onClick={actions.searchMore}>
          {texts.rooms.moreFound}
        </button>
      )}
    </div>
  );
}
