/** The room's name, and the way to another. */
import { type FormEvent, useId, useRef, useState } from 'react';
import { useTexts } from '../i18n/texts';
import { useChat } from '../store/chatStore';
import { Lock } from './Lock';
import styles from './RoomSwitch.module.css';
import { useDismiss } from './useDismiss';
import { useRoomTitle } from './useRoomTitle';

export interface RoomSwitchProps {
  /** Why a room's name will not do; undefined if it will. */
  checkRoom(room: string): 'not allowed' | 'no key' | undefined;
  onSwitchRoom(room: string): void;
  /** Makes a room that only who gets its link can come into, and goes there. */
  onNewPrivateRoom(): void;
}

export function RoomSwitch({ checkRoom, onSwitchRoom, onNewPrivateRoom }: RoomSwitchProps) {
  const texts = useTexts();
  const title = useRoomTitle();
  const isPrivate = useChat((state) => state.isPrivate);
  const mode = useChat((state) => state.mode);
  const [wish, setWish] = useState('');
  const [problem, setProblem] = useState<ReturnType<typeof checkRoom>>();
  const fieldId = useId();
  const details = useRef<HTMLDetailsElement>(null);
  useDismiss(details);

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    const name = wish.trim().toLowerCase();
    const found = checkRoom(name);
    setProblem(found);
    if (!found) onSwitchRoom(name);
  };

  return (
    <details ref={details} className={styles.room}>
      <summary>
        <span className={styles.sign} aria-hidden="true">
          {isPrivate ? <Lock /> : '#'}
        </span>
        <h1>{title}</h1>
      </summary>
      <form className={styles.form} onSubmit={onSubmit}>
        <label htmlFor={fieldId}>{texts.changeRoom}</label>
        <div className={styles.row}>
          <input
            id={fieldId}
            autoCapitalize="none"
            autoComplete="off"
            spellCheck={false}
            value={wish}
            aria-invalid={problem !== undefined}
            aria-describedby={problem && `${fieldId}-problem`}
            onChange={(event) => setWish(event.target.value)}
          />
          <button type="submit">{texts.goToRoom}</button>
        </div>
        {problem && (
          <p id={`${fieldId}-problem`} className={styles.problem} role="alert">
            {problem === 'no key' ? texts.faults['no key'] : texts.roomProblem}
          </p>
        )}
        {mode === 'chat' && (
          <div className={styles.private}>
            <button
              type="button"
              aria-describedby={`${fieldId}-private`}
              onClick={onNewPrivateRoom}
            >
              <Lock /> {texts.newPrivateRoom}
            </button>
            <p id={`${fieldId}-private`}>{texts.newPrivateRoomHint}</p>
          </div>
        )}
      </form>
    </details>
  );
}
