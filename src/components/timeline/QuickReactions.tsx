/** The emoji that people put most, in one row, and the way to all of them, which are loaded then. */
import { useState } from 'react';
import { useTexts } from '../../i18n/texts';
import { type ChatMessage, useChat } from '../../store/chatStore';
import { Icon } from '../Icon';
import { AllEmoji } from './AllEmoji';
import styles from './RowActions.module.css';

const quickEmoji = ['👍', '❤️', '😂', '🎉', '😮', '😢'];

export function QuickReactions({ message, onDone }: { message: ChatMessage; onDone(): void }) {
  const { timeline } = useTexts();
  const { react } = useChat((chat) => chat.actions);
  const [isPicking, setPicking] = useState(false);
  const { seq, reactions = [] } = message;
  const isMine = (emoji: string) =>
    reactions.some((reaction) => reaction.emoji === emoji && reaction.mine);
  const toggle = (emoji: string) => {
    if (seq !== undefined) react(seq, emoji, !isMine(emoji));
    onDone();
  };
  return (
    <>
      {quickEmoji.map((emoji) => (
        <button
          key={emoji}
          type="button"
          className={styles.emoji}
          aria-label={timeline.reactWith(emoji)}
          aria-pressed={isMine(emoji)}
          onClick={() => toggle(emoji)}
        >
          {emoji}
        </button>
      ))}
      <button
        type="button"
        className="iconButton"
        aria-label={timeline.moreEmoji}
        title={timeline.moreEmoji}
        aria-expanded={isPicking}
        onClick={() => setPicking(true)}
      >
        <Icon name="plus" />
      </button>
      {isPicking && <AllEmoji onPick={toggle} onClose={onDone} />}
    </>
  );
}
