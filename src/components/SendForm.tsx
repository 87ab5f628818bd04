/**
 * Where one writes. Enter sends and Shift+Enter breaks the line, or as the settings have it; a key that
 * belongs to a composition (Pinyin, Kana) does neither. Sending never waits for the line: without one the
 * message queues. What cannot be sent stays in the field, and why is said.
 */
import { type FormEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useFirstTexts } from '../i18n/texts';
import { useChat } from '../store/chatStore';
import { useSetting } from '../storedSettings';
import { insertText } from './composer/insertText';
import { isComposing, isSendChord, isTouchScreen } from './composer/keys';
import { longestMessage, measure } from './composer/messageLength';
import { optionId, useCompletion } from './composer/useCompletion';
import { useMessage } from './composer/useMessage';
import {
  AttachButtons,
  Attachments,
  CompletionList,
  DropTarget,
  EmojiButton,
  ProblemNote,
  TargetBanner,
  VoiceNote,
  Writing,
} from './later';
import styles from './SendForm.module.css';

export function SendForm() {
  const texts = useFirstTexts();
  const { composer } = texts;
  const ids = useId();
  const message = useMessage();
  const { text, target, problem } = message;
  const [enterSends] = useSetting('enter-sends');
  const [caret, setCaret] = useState<number>();
  const [isPickingEmoji, setPickingEmoji] = useState(false);
  const [isRecording, setRecording] = useState(false);
  const takesFiles = useChat((state) => state.largestFileBytes !== undefined);
  const canAttach = takesFiles && target?.kind !== 'edit';
  const [popups, setPopups] = useState<HTMLElement | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const completion = useCompletion({ field, text, caret, onEditLast: message.editLast });
  const { left, excess, isFarTooLong, hasLargeCharacters } = measure(text);

  useEffect(() => {
    if (!target || !field.current) return;
    field.current.focus();
    field.current.setSelectionRange(field.current.value.length, field.current.value.length);
  }, [target]);

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    message.submit();
    field.current?.focus();
  };

  const sends = (event: KeyboardEvent) => {
    if (isSendChord(event)) return true;
    return event.key === 'Enter' && !event.shiftKey && enterSends && !isTouchScreen();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event) || completion.onKeyDown(event)) return;
    const isPlain = !(event.shiftKey || event.altKey || event.ctrlKey || event.metaKey);
    if (sends(event)) {
      event.preventDefault();
      message.submit();
    } else if (event.key === 'Escape' && target) {
      event.preventDefault();
      event.stopPropagation();
      message.cancel();
    } else if (event.key === 'ArrowUp' && isPlain && text === '' && message.editLast())
      event.preventDefault();
  };

  const follow = ({ selectionStart, selectionEnd }: HTMLTextAreaElement) =>
    setCaret(selectionStart === selectionEnd ? selectionStart : undefined);

  const isSuggesting = completion.suggestions.length > 0;
  return (
    <div className={styles.composer}>
      <div className={styles.gutter}>
        <form className={styles.form} onSubmit={onSubmit}>
          <div className={styles.popups} ref={setPopups}>
            <CompletionList id={`${ids}list`} completion={completion} />
          </div>
          <p className={styles.writing}>
            <Writing />
          </p>
          {target && <TargetBanner id={`${ids}target`} target={target} onCancel={message.cancel} />}
          {canAttach && <DropTarget />}
          {canAttach && <Attachments />}
          {problem && <ProblemNote problem={problem} />}
          {canAttach && isRecording && <VoiceNote onClose={() => setRecording(false)} />}
          <div className={styles.row} hidden={canAttach && isRecording}>
            <div className={styles.box}>
              <div className={styles.grow} data-text={`${text.slice(0, longestMessage)} `}>
                <textarea
                  ref={field}
                  className={styles.field}
                  aria-label={texts.message}
                  aria-invalid={excess > 0}
                  aria-describedby={`${target ? `${ids}target ` : ''}${ids}length`}
                  aria-autocomplete="list"
                  aria-controls={isSuggesting ? `${ids}list` : undefined}
                  aria-activedescendant={
                    isSuggesting ? optionId(`${ids}list`, completion.active) : undefined
                  }
                  placeholder={texts.message}
                  enterKeyHint={isTouchScreen() || !enterSends ? 'enter' : 'send'}
                  dir="auto"
                  rows={1}
                  value={text}
                  onChange={({ target: element }) => {
                    message.write(element.value);
                    follow(element);
                  }}
                  onSelect={(event) => follow(event.currentTarget)}
                  onBlur={() => setCaret(undefined)}
                  onKeyDown={onKeyDown}
                />
              </div>
              {canAttach && (
                <AttachButtons isWriting={text !== ''} onRecord={() => setRecording(true)} />
              )}
              <EmojiButton
                isOpen={isPickingEmoji}
                place={popups}
                onToggle={(isOpen) => {
                  setPickingEmoji(isOpen);
                  if (!isOpen) field.current?.focus();
                }}
                onPick={(emoji) => {
                  setPickingEmoji(false);
                  if (field.current) insertText(field.current, emoji);
                }}
              />
            </div>
            <button type="submit" className={`primaryButton ${styles.send}`}>
              {target?.kind === 'edit' ? composer.save : texts.send}
            </button>
          </div>
          <p id={`${ids}length`} className={styles.length} data-too-long={excess > 0}>
            {excess > 0
              ? (isFarTooLong ? texts.farTooLong : texts.tooLong)(excess)
              : left !== undefined && texts.charactersLeft(left)}
            {(excess > 0 || left !== undefined) && hasLargeCharacters && composer.largeCharacters}
          </p>
          <div aria-live="polite">
            <p className="visuallyHidden">
              {excess > 0
                ? composer.becameTooLong
                : isSuggesting && composer.suggested(completion.suggestions.length)}
            </p>
          </div>
        </form>
      </div>
    </div>
  );
}
