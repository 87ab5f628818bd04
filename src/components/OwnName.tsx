/**
 * Who one is, and the way to another name. Until one is given and will do, one stays who one is, and in the
 * room.
 */
import { type FormEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useTexts } from '../i18n/texts';
import { useChat } from '../store/chatStore';
import { isComposing } from './composer/keys';
import type { NameProblem } from './JoinForm';
import { usePageControls } from './pageControls';
import styles from './Settings.module.css';
import { Tag } from './Tag';

export function OwnName() {
  const { tagHint, changeName } = useTexts();
  const { name, tag } = useChat((state) => state.me);
  const [isChanging, setChanging] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);

  const end = () => {
    setChanging(false);
    opener.current?.focus();
  };

  return (
    <div className={styles.fold}>
      <div className={styles.row}>
        <p>
          <span className={styles.name}>
            <bdi>{name}</bdi>
            <Tag tag={tag} />
          </span>
          {tag !== undefined && <small>{tagHint}</small>}
        </p>
        <button
          ref={opener}
          type="button"
          aria-expanded={isChanging}
          onClick={() => setChanging(!isChanging)}
        >
          {changeName}
        </button>
      </div>
      {isChanging && <NameForm name={name} onEnd={end} />}
    </div>
  );
}

function NameForm({ name, onEnd }: { name: string; onEnd(): void }) {
  const texts = useTexts();
  const { checkName, onChangeName } = usePageControls();
  const [wanted, setWanted] = useState(name);
  const [problem, setProblem] = useState<NameProblem>();
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    const next = wanted.trim();
    if (next === name) return onEnd();
    const found = checkName(next);
    setProblem(found);
    if (!found) onChangeName(next);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || isComposing(event)) return;
    // It means the name here, and not the dialog around it.
    event.preventDefault();
    onEnd();
  };

  return (
    <form onSubmit={onSubmit} onKeyDown={onKeyDown} noValidate>
      <label htmlFor={id}>{texts.yourName}</label>
      <div className={styles.field}>
        <input
          ref={field}
          id={id}
          name="nickname"
          autoComplete="nickname"
          dir="auto"
          value={wanted}
          aria-invalid={problem !== undefined}
          aria-describedby={`${id}-hint`}
          onChange={(event) => setWanted(event.target.value)}
        />
        <button type="submit" className="primaryButton">
          {texts.settings.takeName}
        </button>
        <button type="button" onClick={onEnd}>
          {texts.settings.keepName}
        </button>
      </div>
      <p id={`${id}-hint`} className={styles.hint} role={problem ? 'alert' : undefined}>
        {problem ? texts.nameProblems[problem] : texts.settings.takeNameHint}
      </p>
    </form>
  );
}
