/** Makes a room that is open to whoever knows its name. */
import { type FormEvent, useId, useState } from 'react';
import { useTexts } from '../i18n/texts';
import { Dialog } from './Dialog';
import styles from './NewRoomDialog.module.css';
import { useRoomNavigation } from './roomNavigation';

export interface NewRoomDialogProps {
  onClose(): void;
  /** The user has gone to the new room. */
  onGone?: (() => void) | undefined;
}

export function NewRoomDialog({ onClose, onGone }: NewRoomDialogProps) {
  const texts = useTexts();
  const { checkRoom, onSwitchRoom } = useRoomNavigation();
  const [wish, setWish] = useState('');
  const [problem, setProblem] = useState<ReturnType<typeof checkRoom>>();
  const id = useId();

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    const name = wish.trim().toLowerCase();
    const found = checkRoom(name);
    setProblem(found);
    if (found) return;
    onClose();
    onSwitchRoom(name);
    onGone?.();
  };

  return (
    <Dialog title={texts.rooms.newRoom} onClose={onClose}>
      <form className={styles.form} onSubmit={onSubmit}>
        <label htmlFor={id}>{texts.rooms.newRoomName}</label>
        <input
          id={id}
          // Read by the dialog as it opens; React's own property comes too early for that.
          ref={(field) => field?.setAttribute('autofocus', '')}
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          enterKeyHint="go"
          value={wish}
          aria-invalid={problem !== undefined}
          aria-describedby={`${id}-hint`}
          onChange={(event) => {
            setWish(event.target.value);
            setProblem(undefined);
          }}
        />
        <p id={`${id}-hint`} data-problem={problem !== undefined} aria-live="polite">
          {problem === undefined && texts.rooms.newRoomHint}
          {problem === 'not allowed' && texts.roomProblem}
          {problem === 'no key' && texts.rooms.linkProblems['no key']}
        </p>
        <button type="submit" className="primaryButton">
          {texts.rooms.enter}
        </button>
      </form>
    </Dialog>
  );
}
