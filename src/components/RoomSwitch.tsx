/** The room's name, and the way to another. */
import { type FormEvent, useId, useRef, useState } from 'react';
import { useTexts } from '../i18n/texts';
import { useChat } from '../store/chatStore';
import styles from './RoomSwitch.module.css';
import { useDismiss } from './useDismiss';

export interface RoomSwitchProps {
  /** Why a room's name will not do; undefined if it will. */
  checkRoom(room: string): 'not allowed' | undefined;
  onSwitchRoom(room: string): void;
}

export function RoomSwitch({ checkRoom, onSwitchRoom }: RoomSwitchProps) {
  const texts = useTexts();
  const room = useChat((state) => state.room);
  const [wish, setWish] = useState('');
  const [isRefused, setRefused] = useState(false);
  const fieldId = useId();
  const details = useRef<HTMLDetailsElement>(null);
  useDismiss(details);

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    const name = wish.trim().toLowerCase();
    const refused = checkRoom(name) !== undefined;
    setRefused(refused);
    if (!refused) onSwitchRoom(name);
  };

  return (
    <details ref={details} className={styles.room}>
      <summary>
        <h1>{room}</h1>
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
            aria-invalid={isRefused}
            aria-describedby={isRefused ? `${fieldId}-problem` : undefined}
            onChange={(event) => setWish(event.target.value)}
          />
          <button type="submit">{texts.goToRoom}</button>
        </div>
        {isRefused && (
          <p id={`${fieldId}-problem`} className={styles.problem} role="alert">
            {texts.roomProblem}
          </p>
        )}
      </form>
    </details>
  );
}
