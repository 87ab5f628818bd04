/** Speaks another language at once. */
import type { Language } from '../i18n/language';
import { useFirstTexts, useLanguage } from '../i18n/texts';
import styles from './LanguageSwitch.module.css';

/** Each in its own language. */
export const languageNames: Record<Language, string> = { en: 'English', 'zh-CN': '中文' };

export function LanguageSwitch({ onSwitch }: { onSwitch(language: Language): void }) {
  const texts = useFirstTexts();
  const other = useLanguage() === 'en' ? 'zh-CN' : 'en';
  return (
    <button
      type="button"
      className={styles.switch}
      lang={other}
      title={texts.language}
      onClick={() => onSwitch(other)}
    >
      {languageNames[other]}
    </button>
  );
}
