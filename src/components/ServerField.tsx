/** Which server the chat is on, and the way to another one. */
import { type FormEvent, useId, useState } from 'react';
import { useTexts } from '../i18n/texts';
import { usePageControls } from './pageControls';
import styles from './Settings.module.css';

export function ServerField() {
  const { settings: texts, local, aside } = useTexts();
  const { serverUrl, localServer, isOwnServer, isServer, onSwitchServer } = usePageControls();
  const [isChanging, setChanging] = useState(false);
  const [address, setAddress] = useState(isOwnServer || localServer ? '' : serverUrl);
  const [isRefused, setRefused] = useState(false);
  const id = useId();

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    const wanted = address.trim();
    const isGood = wanted === '' || isServer(wanted);
    setRefused(!isGood);
    if (isGood) onSwitchServer(wanted || undefined);
  };

  return (
    <div className={styles.fold}>
      <div className={styles.row}>
        <p>
          {texts.server}
          <small>
            {localServer ? local.server : <bdi>{new URL(serverUrl).host}</bdi>}
            {isOwnServer && aside(texts.ownServer)}
          </small>
        </p>
        <button type="button" aria-expanded={isChanging} onClick={() => setChanging(!isChanging)}>
          {texts.changeServer}
        </button>
      </div>
      {isChanging && (
        <form onSubmit={onSubmit} noValidate>
          <label htmlFor={id}>{texts.serverAddress}</label>
          <div className={styles.field}>
            <input
              id={id}
              type="url"
              inputMode="url"
              autoComplete="off"
              spellCheck={false}
              placeholder="wss://"
              value={address}
              aria-invalid={isRefused}
              aria-describedby={`${id}-hint`}
              ref={focusOnce}
              onChange={(event) => setAddress(event.target.value)}
            />
            <button type="submit" className="primaryButton">
              {texts.connect}
            </button>
          </div>
          <p id={`${id}-hint`} className={styles.hint} role={isRefused ? 'alert' : undefined}>
            {isRefused ? texts.badServer : texts.serverHint}
          </p>
        </form>
      )}
    </div>
  );
}

/** Whoever asked for the field wants to write in it. */
function focusOnce(field: HTMLInputElement | null): void {
  field?.focus();
}
