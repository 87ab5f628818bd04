/** Says, on a page of its own, why the chat cannot begin, and what can be done. */
import { useTexts } from '../i18n/texts';
import styles from './Fault.module.css';

export interface FaultProps {
  text: string;
  onGoToLobby?: (() => void) | undefined;
}

export function Fault({ text, onGoToLobby }: FaultProps) {
  const texts = useTexts();
  return (
    <main className={styles.page}>
      <div role="alert">
        <h1>{texts.faults.title}</h1>
        <p>{text}</p>
      </div>
      {onGoToLobby && (
        <button type="button" onClick={onGoToLobby}>
          {texts.goToLobby}
        </button>
      )}
    </main>
  );
}
