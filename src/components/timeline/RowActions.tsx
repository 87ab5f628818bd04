/**
 * What can be done with a message: a small toolbar over the row that is pointed at or has the focus.
 * Arrows go through it, Escape leads back to the row. What cannot be undone is asked for in place.
 */
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useLanguage, useTexts } from '../../i18n/texts';
import { type ChatMessage, useChat } from '../../store/chatStore';
import { useSetComposerTarget } from '../../store/composerTarget';
import { copyText } from '../copyText';
import { formatExactTime } from '../formatTime';
import { Icon } from '../Icon';
import { messageLink } from './permalink';
import { QuickReactions } from './QuickReactions';
import styles from './RowActions.module.css';

type Step = 'all' | 'react' | 'delete';

export function RowActions({ message }: { message: ChatMessage }) {
  const texts = useTexts();
  const language = useLanguage();
  const [step, setStep] = useState<Step>('all');
  const bar = useRef<HTMLDivElement>(null);
  const isOpened = useRef(false);

  useEffect(() => {
    // The button that was pressed is gone with what it stood in; what took its place gets the focus.
    if (isOpened.current) buttonsIn(bar.current)[0]?.focus();
    isOpened.current = false;
  });

  const open = (next: Step) => {
    isOpened.current = true;
    setStep(next);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    // The picker has keys of its own.
    if (event.target instanceof Element && event.target.closest('[popover]')) return;
    const buttons = buttonsIn(event.currentTarget);
    const at = buttons.findIndex((button) => button.matches(':focus'));
    const isRightToLeft = getComputedStyle(event.currentTarget).direction === 'rtl';
    const forward = isRightToLeft ? 'ArrowLeft' : 'ArrowRight';
    const back = isRightToLeft ? 'ArrowRight' : 'ArrowLeft';
    const to = {
      [forward]: (at + 1) % buttons.length,
      [back]: (at - 1 + buttons.length) % buttons.length,
      Home: 0,
      End: buttons.length - 1,
    }[event.key];
    if (to !== undefined) buttons[to]?.focus();
    else if (event.key === 'Escape' && step !== 'all') open('all');
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className={styles.frame}>
      <div
        ref={bar}
        className={styles.bar}
        role="toolbar"
        aria-label={texts.timeline.actions}
        onKeyDown={onKeyDown}
      >
        {step === 'all' && (
          <>
            <time className={styles.time} dateTime={new Date(message.at).toISOString()}>
              {formatExactTime(language, message.at)}
            </time>
            <Commands message={message} onStep={open} />
          </>
        )}
        {step === 'react' && <QuickReactions message={message} onDone={() => open('all')} />}
        {step === 'delete' && <ConfirmDelete message={message} onKeep={() => open('all')} />}
      </div>
    </div>
  );
}

function Commands({ message, onStep }: { message: ChatMessage; onStep(step: Step): void }) {
  const { timeline } = useTexts();
  const isChat = useChat((chat) => chat.mode === 'chat');
  const room = useChat((chat) => chat.room);
  const { remove } = useChat((chat) => chat.actions);
  const { replyTo, edit } = useSetComposerTarget();
  const { id, seq, mine, body, state, hasLeft, deleted, change } = message;
  const isThere = deleted === undefined;
  const isSent = isChat && state === 'sent' && seq !== undefined && isThere;
  const isHere = state === 'queued' && !hasLeft;
  return (
    <>
      {isSent && <Command name={timeline.react} icon="smile" onPress={() => onStep('react')} />}
      {isSent && <Command name={timeline.reply} icon="reply" onPress={() => replyTo(message)} />}
      {isChat && mine && (isSent || isHere) && (
        <Command name={timeline.edit} icon="edit" onPress={() => edit(message)} />
      )}
      {isThere && body !== '' && <CopyCommand name={timeline.copy} icon="copy" text={() => body} />}
      {isChat && seq !== undefined && (
        <CopyCommand
          name={timeline.copyLink}
          icon="link"
          text={() => messageLink(location.href, room, seq)}
        />
      )}
      {mine && isSent && change?.kind !== 'delete' && (
        <Command name={timeline.delete} icon="trash" onPress={() => onStep('delete')} />
      )}
      {mine && isHere && (
        <Command name={timeline.doNotSend} icon="trash" onPress={() => remove(id)} />
      )}
    </>
  );
}

interface CommandProps {
  name: string;
  icon: Parameters<typeof Icon>[0]['name'];
  onPress(): void;
}

function Command({ name, icon, onPress }: CommandProps): ReactNode {
  return (
    <button type="button" className="iconButton" aria-label={name} title={name} onClick={onPress}>
      <Icon name={icon} />
    </button>
  );
}

/** Says on the button that the text is copied, until the reader goes on. */
function CopyCommand({ text, ...command }: Omit<CommandProps, 'onPress'> & { text(): string }) {
  const { timeline } = useTexts();
  const [copied, setCopied] = useState<boolean>();
  const words = copied === undefined ? command.name : copied ? timeline.copied : timeline.notCopied;
  return (
    <>
      <Command
        {...command}
        name={words}
        icon={copied ? 'check' : command.icon}
        onPress={() => void copyText(text()).then(setCopied)}
      />
      <span className="visuallyHidden" aria-live="polite">
        {copied !== undefined && words}
      </span>
    </>
  );
}

function ConfirmDelete({ message, onKeep }: { message: ChatMessage; onKeep(): void }) {
  const { timeline } = useTexts();
  const { erase } = useChat((chat) => chat.actions);
  return (
    <>
      <span className={styles.question}>{timeline.deleteQuestion}</span>
      <button
        type="button"
        className={styles.danger}
        onClick={() => {
          erase(message.id);
          onKeep();
        }}
      >
        {timeline.deleteForAll}
      </button>
      <button type="button" onClick={onKeep}>
        {timeline.keep}
      </button>
    </>
  );
}

function buttonsIn(bar: Element | null): HTMLElement[] {
  return [...(bar?.querySelectorAll('button') ?? [])];
}
