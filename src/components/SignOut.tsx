/** Leaves for good, after asking: what was not sent is deleted, and nobody can be this guest again. */
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTexts } from '../i18n/texts';
import { useChat } from '../store/chatStore';
import styles from './SignOut.module.css';

export function SignOut() {
  const texts = useTexts();
  const { signOut, unsentCount } = useChat((state) => state.actions);
  // Whatever is written or sent meanwhile changes what would be lost.
  useChat((state) => state.messages);
  const [isAsking, setAsking] = useState(false);
  const ask = useRef<HTMLButtonElement>(null);
  const confirm = useRef<HTMLButtonElement>(null);
  const stay = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (isAsking) stay.current?.focus();
  }, [isAsking]);

  const onStay = () => {
    setAsking(false);
    // The button is back only once that has been drawn.
    requestAnimationFrame(() => ask.current?.focus());
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onStay();
    if (event.key !== 'Tab') return;
    // A question is answered before anything else: Tab goes from one answer to the other.
    event.preventDefault();
    const isAtStay = document.activeElement === stay.current;
    (isAtStay ? confirm : stay).current?.focus();
  };

  if (!isAsking) {
    return (
      <button ref={ask} type="button" onClick={() => setAsking(true)}>
        {texts.signOut}
      </button>
    );
  }
  return (
    <div
      role="alertdialog"
      aria-labelledby="sign-out-question"
      className={styles.question}
      onKeyDown={onKeyDown}
    >
      <p id="sign-out-question">{texts.signOutQuestion(unsentCount())}</p>
      <button ref={confirm} type="button" className={styles.confirm} onClick={() => void signOut()}>
        {texts.signOut}
      </button>
      <button ref={stay} type="button" onClick={onStay}>
        {texts.stay}
      </button>
    </div>
  );
}
