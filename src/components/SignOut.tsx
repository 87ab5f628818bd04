/** Leaves for good, after asking: what was not sent is deleted, and nobody can be this guest again. */
import { useEffect, useRef, useState } from 'react';
import { useTexts } from '../i18n/texts';
import { useChat } from '../store/chatStore';
import styles from './SignOut.module.css';

export function SignOut() {
  const texts = useTexts();
  const { signOut, unsentCount } = useChat((state) => state.actions);
  /** How many messages would be lost; undefined while nobody is asked. */
  const [atStake, setAtStake] = useState<number>();
  const ask = useRef<HTMLButtonElement>(null);
  const stay = useRef<HTMLButtonElement>(null);
  const isAsking = atStake !== undefined;

  useEffect(() => {
    if (isAsking) stay.current?.focus();
  }, [isAsking]);

  const onStay = () => {
    setAtStake(undefined);
    // The button is back only once that has been drawn.
    requestAnimationFrame(() => ask.current?.focus());
  };

  if (!isAsking) {
    return (
      <button ref={ask} type="button" onClick={() => setAtStake(unsentCount())}>
        {texts.signOut}
      </button>
    );
  }
  return (
    <div
      role="alertdialog"
      aria-labelledby="sign-out-question"
      className={styles.question}
      onKeyDown={(event) => event.key === 'Escape' && onStay()}
    >
      <p id="sign-out-question">{texts.signOutQuestion(atStake)}</p>
      <button type="button" className={styles.confirm} onClick={() => void signOut()}>
        {texts.signOut}
      </button>
      <button ref={stay} type="button" onClick={onStay}>
        {texts.stay}
      </button>
    </div>
  );
}
