/** The emoji under a message: how many have put each, who they are, and one's own put or taken back. */
import { useTexts } from '../../i18n/texts';
import { type Reaction, useChat } from '../../store/chatStore';
import { useShownName } from '../useShownName';
import styles from './Reactions.module.css';

export interface ReactionsProps {
  seq: number | undefined;
  reactions: readonly Reaction[];
  isTabStop: boolean;
}

export function Reactions({ seq, reactions, isTabStop }: ReactionsProps) {
  const { timeline } = useTexts();
  const shownName = useShownName();
  const { react } = useChat((state) => state.actions);
  return (
    <ul className={styles.reactions} aria-label={timeline.reactions}>
      {reactions.map(({ emoji, users, mine }) => {
        const who = timeline.reactedBy(emoji, users.map(shownName));
        return (
          <li key={emoji}>
            <button
              type="button"
              className={styles.reaction}
              aria-pressed={mine}
              aria-label={who}
              title={who}
              tabIndex={isTabStop ? 0 : -1}
              onClick={() => seq !== undefined && react(seq, emoji, !mine)}
            >
              <span aria-hidden="true">{emoji}</span> {users.length}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
