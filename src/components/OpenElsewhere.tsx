/** Says that another tab of this browser has the chat for itself, and offers to have it here. */
import { useTexts } from '../i18n/texts';
import styles from './Fault.module.css';

export function OpenElsewhere({ onUseHere }: { onUseHere(): void }) {
  const { local: texts } = useTexts();
  return (
    <main className={styles.page}>
      <div role="alert">
        <h1>{texts.elsewhere}</h1>
        <p>{texts.elsewhereHint}</p>
      </div>
      <button type="button" className="primaryButton" onClick={onUseHere}>
        {texts.useHere}
      </button>
    </main>
  );
}
