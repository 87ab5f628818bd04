/** Goes to a room by its name, which makes it where there is none, or by a link that somebody has sent. */
import { type FormEvent, useId, useState } from 'react';
import { useTexts } from '../i18n/texts';
import styles from './RoomJump.module.css';
import { type LinkProblem, useRoomNavigation } from './roomNavigation';

export function RoomJump({ onGone }: { onGone?: (() => void) | undefined }) {
  const texts = useTexts();
  const { checkRoom, readRoomLink, onSwitchRoom } = useRoomNavigation();
  const [wish, setWish] = useState('');
  const [problem, setProblem] = useState<'not allowed' | LinkProblem>();
  const id = useId();

  const goTo = (room: string, roomKey?: string) => {
    setProblem(undefined);
    setWish('');
    onSwitchRoom(room, roomKey);
    onGone?.();
  };

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    const wished = wish.trim();
    if (wished === '') return;
    if (isLink(wished)) {
      const address = readRoomLink(wished);
      if ('problem' in address) setProblem(address.problem);
      else goTo(address.room, address.roomKey);
    } else {
      const name = wished.replace(/^#/, '').toLowerCase();
      const found = checkRoom(name);
      if (found) setProblem(found);
      else goTo(name);
    }
  };

  return (
    <form className={styles.form} onSubmit={onSubmit}>
      <label htmlFor={id}>{texts.changeRoom}</label>
      <div className={styles.row}>
        <input
          id={id}
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          enterKeyHint="go"
          placeholder={texts.rooms.placeholder}
          value={wish}
          aria-invalid={problem !== undefined}
          aria-describedby={problem && `${id}-problem`}
          onChange={(event) => {
            setWish(event.target.value);
            setProblem(undefined);
          }}
        />
        <button type="submit">{texts.goToRoom}</button>
      </div>
      {problem && (
        <p id={`${id}-problem`} className={styles.problem} role="alert">
          {problem === 'not allowed' ? texts.roomProblem : texts.rooms.linkProblems[problem]}
        </p>
      )}
    </form>
  );
}

/** No room's name has these. */
function isLink(wish: string): boolean {
  return wish.includes('://') || wish.includes('?');
}
