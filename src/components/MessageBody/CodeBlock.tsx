/** Code that stands by itself, with a button that copies it. */
import { useState } from 'react';
import { useTexts } from '../../i18n/texts';
import { copyText } from '../copyText';
import styles from './MessageBody.module.css';

export interface CodeBlockProps {
  text: string;
  language: string;
}

export function CodeBlock({ text, language }: CodeBlockProps) {
  const { composer } = useTexts();
  const [isCopied, setCopied] = useState(false);
  return (
    <div className={styles.codeBlock} data-language={language || undefined}>
      {/* It scrolls sideways, so it has to be reached by the keyboard. */}
      <pre tabIndex={0} dir="ltr">
        <code>{text}</code>
      </pre>
      <button
        type="button"
        className={styles.copy}
        aria-label={isCopied ? composer.codeCopied : composer.copyCode}
        title={isCopied ? composer.codeCopied : composer.copyCode}
        onClick={() => void copyText(text).then(setCopied)}
        onBlur={() => setCopied(false)}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true">
          {isCopied ? (
            <path d="M3 8.5 6.5 12 13 4.5" />
          ) : (
            <path d="M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z" />
          )}
        </svg>
      </button>
    </div>
  );
}
