/** Something that is on or off, with a word on what that means where it needs one. */
import { type ReactNode, useId } from 'react';
import styles from './Switch.module.css';

export interface SwitchProps {
  label: string;
  isOn: boolean;
  /** Called with what it is to be. */
  onChange(isOn: boolean): void;
  hint?: ReactNode;
  /** It is not yet decided whether it is on. */
  isBusy?: boolean;
  isDisabled?: boolean;
}

export function Switch({ label, isOn, onChange, hint, isBusy, isDisabled = false }: SwitchProps) {
  const hintId = useId();
  return (
    <div className={styles.whole}>
      <button
        type="button"
        role="switch"
        className={styles.switch}
        aria-checked={isOn}
        aria-disabled={isDisabled}
        aria-busy={isBusy}
        aria-describedby={hintId}
        onClick={() => !isDisabled && onChange(!isOn)}
      >
        <span>{label}</span>
        <span className={styles.track} aria-hidden="true" />
      </button>
      {/* There when it is empty, too: only a change inside is read out. */}
      <p id={hintId} aria-live="polite" className={styles.hint}>
        {hint}
      </p>
    </div>
  );
}
