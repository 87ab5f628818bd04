/** The door: asks for a name, and says what this place is. */
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { Language } from '../i18n/language';
import { useFirstTexts } from '../i18n/texts';
import styles from './JoinForm.module.css';
import { LanguageSwitch } from './LanguageSwitch';

export type NameProblem = 'empty' | 'too long' | 'not allowed';

export interface JoinFormProps {
  room: string;
  isPrivate?: boolean;
  initialName: string;
  /** The name came with the address: one that will not do is explained at once. */
  isNameGiven: boolean;
  /** Why a name will not do; undefined if it will. */
  checkName(name: string): NameProblem | undefined;
  /** Called with a name that will do, trimmed. */
  onJoin(name: string): void;
  /** Without it no other language is offered. */
  onSwitchLanguage: (language: Language) => void;
}

export function JoinForm({
  room,
  isPrivate = false,
  initialName,
  isNameGiven,
  checkName,
  onJoin,
  onSwitchLanguage,
}: JoinFormProps) {
  const texts = useFirstTexts();
  const [name, setName] = useState(initialName);
  const [problem, setProblem] = useState(isNameGiven ? checkName(initialName) : undefined);

  const where = isPrivate ? texts.joinPrivateRoom : texts.joinRoom(room);

  const field = useRef<HTMLInputElement>(null);
  // There is one thing to do here, also for who has just left by the keyboard.
  useEffect(() => field.current?.focus(), []);

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    const found = checkName(name);
    setProblem(found);
    if (found) field.current?.focus();
    else onJoin(name.trim());
  };

  return (
    <main className={styles.page}>
      <div className={styles.sheet}>
        <WelcomeTrace />
        <h1>Heartline</h1>
        <p className={styles.tagline}>{texts.tagline}</p>
        <p className={styles.intro}>{texts.joinIntro}</p>
        <form onSubmit={onSubmit} noValidate>
          <label htmlFor="join-name">{texts.yourName}</label>
          <div className={styles.row}>
            <input
              ref={field}
              id="join-name"
              name="nickname"
              autoComplete="nickname"
              dir="auto"
              value={name}
              aria-invalid={problem !== undefined}
              aria-describedby="join-hint"
              onChange={(event) => setName(event.target.value)}
            />
            <button type="submit" className="primaryButton">
              {texts.join}
            </button>
          </div>
          <p
            id="join-hint"
            className={styles.hint}
            role={problem && 'alert'}
            data-problem={problem !== undefined}
          >
            {problem ? texts.nameProblems[problem] : where}
          </p>
        </form>
        <div className={styles.language}>
          <LanguageSwitch onSwitch={onSwitchLanguage} />
        </div>
      </div>
    </main>
  );
}

/** A resting heart on chart paper: the line comes from the page's edge and ends where one writes. */
function WelcomeTrace() {
  return (
    <div className={styles.chart}>
      <div className={styles.drawing} aria-hidden="true">
        <div className={styles.line}>
          <svg width="2000" height="96" viewBox="0 0 2000 96" aria-hidden="true">
            <path d={`M0 60H1516${restingBeat.repeat(3)}h4`} />
          </svg>
        </div>
        <i className={styles.dot} />
      </div>
    </div>
  );
}

/** One beat, 158 wide: the three waves that a doctor names P, QRS and T. */
const restingBeat = 'h34q8-13 16 0h12l5 7l9-52l10 66l7-21h16q10-18 22 0h27';
