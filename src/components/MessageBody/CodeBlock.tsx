/** Code that stands by itself, with a button that copies it. */
import { useState } from 'react';
import { useTexts } from '../../i18n/texts';
import { copyText } from '../copyText';
import { Icon } from '../Icon';
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
        className={`iconButton ${styles.copy}`}
        aria-label={isCopied ? composer.codeCopied : composer.copyCode}
        title={isCopied ? composer.codeCopied : composer.copyCode}
        onClick={() => void copyText(text).then(setCopied)}
        onBlur={() => setCopied(false)}
      >
        <Icon name={isCopied ? 'check' : 'copy'} />
      </button>
    </div>
  );
}
