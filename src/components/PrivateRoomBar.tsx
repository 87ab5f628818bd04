/** Says that the room is private, and hands out the link that others need. */
import { useState } from 'react';
import { useTexts } from '../i18n/texts';
import { copyText } from './copyText';
import { Lock } from './Lock';
import styles from './PrivateRoomBar.module.css';

export function PrivateRoomBar({ link }: { link: string }) {
  const texts = useTexts();
  const [copied, setCopied] = useState<'not yet' | 'yes' | 'by hand'>('not yet');

  const onCopy = () => {
    void copyText(link).then((isCopied) => setCopied(isCopied ? 'yes' : 'by hand'));
  };

  return (
    <div className={styles.bar}>
      <p>
        <Lock />
        <span>{texts.privateRoomNote}</span>
      </p>
      <button
        type="button"
        onClick={onCopy}
        onBlur={() => copied === 'yes' && setCopied('not yet')}
      >
        <span aria-live="polite">
          {copied === 'yes' ? `✓ ${texts.linkCopied}` : texts.copyLink}
        </span>
      </button>
      {copied === 'by hand' && (
        <input
          className={styles.link}
          readOnly
          value={link}
          aria-label={texts.copyByHand}
          title={texts.copyByHand}
          ref={(field) => field?.select()}
        />
      )}
    </div>
  );
}
