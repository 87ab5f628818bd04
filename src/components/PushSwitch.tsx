/** Lets the user be told of what is said in this room while they are away, where that can be. */
import { useId } from 'react';
import { useTexts } from '../i18n/texts';
import { useChat } from '../store/chatStore';
import styles from './PushSwitch.module.css';

export function PushSwitch() {
  const { push: texts } = useTexts();
  const { status, problem } = useChat((state) => state.push);
  const { setPush } = useChat((state) => state.actions);
  const hintId = useId();
  if (status === 'impossible') return null;

  const isOn = status === 'on';
  const hint =
    status === 'asking' || status === 'blocked'
      ? texts[status]
      : problem && texts.problems[problem];
  return (
    <div className={styles.push}>
      <button
        type="button"
        role="switch"
        className={styles.switch}
        aria-checked={isOn}
        aria-disabled={status === 'blocked'}
        aria-busy={status === 'asking'}
        aria-describedby={hintId}
        // Asked once more while it is asking, it is taken back.
        onClick={() => status !== 'blocked' && setPush(status === 'off')}
      >
        <span>{texts.label}</span>
        <span className={styles.track} aria-hidden="true" />
      </button>
      {/* There when it is empty, too: only a change inside is read out. */}
      <p id={hintId} aria-live="polite" className={styles.hint}>
        {hint}
      </p>
    </div>
  );
}
