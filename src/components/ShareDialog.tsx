/**
 * Hands out what brings others into the room: its link, to copy, to send by another app, or to be read by
 * a phone's camera. Of a private room it says first what the link is worth.
 */
import { useState } from 'react';
import { useTexts } from '../i18n/texts';
import { useChat } from '../store/chatStore';
import { copyText } from './copyText';
import { Dialog } from './Dialog';
import { Icon } from './Icon';
import { Lock } from './Lock';
import { useLocalServer } from './pageControls';
import { useRoomNavigation } from './roomNavigation';
import styles from './ShareDialog.module.css';
import { useModule } from './useModule';
import { useRoomTitle } from './useRoomTitle';

const loadQrCode = () => import('./QrCode');

/** Fetches it ahead: a room is shared without a line, too. */
export const prefetchQrCode = () => void loadQrCode().catch(() => {});

export function ShareDialog({ onClose }: { onClose(): void }) {
  const texts = useTexts();
  const title = useRoomTitle();
  const isPrivate = useChat((state) => state.isPrivate);
  const { roomLink } = useRoomNavigation();
  const localServer = useLocalServer();
  const localText = localServer?.host === 'shared' ? texts.local.share : texts.local.shareAlone;
  return (
    <Dialog title={texts.rooms.shareRoom(title)} onClose={onClose}>
      <div className={styles.content}>
        {isPrivate ? (
          <p className={styles.warning}>
            <Lock />
            <span>
              <strong>{texts.rooms.sharePrivate}</strong> {texts.rooms.sharePrivateHint}
            </span>
          </p>
        ) : (
          !localServer && <p>{texts.rooms.shareOpen}</p>
        )}
        {localServer && <p>{localText}</p>}
        <LinkRow link={roomLink} title={title} canSend={!localServer} />
        {/* A phone would find a chat of its own behind it. */}
        {!localServer && <Code link={roomLink} />}
      </div>
    </Dialog>
  );
}

interface LinkRowProps {
  link: string;
  title: string;
  /** Others can come in by it. */
  canSend: boolean;
}

function LinkRow({ link, title, ...props }: LinkRowProps) {
  const texts = useTexts();
  const [copied, setCopied] = useState<'not yet' | 'yes' | 'by hand'>('not yet');
  const canSend = props.canSend && typeof navigator.share === 'function';

  const onCopy = () => {
    void copyText(link).then((isCopied) => setCopied(isCopied ? 'yes' : 'by hand'));
  };
  // Who gives up choosing an app has been answered by the browser.
  const onSend = () => void navigator.share({ title, url: link }).catch(() => {});

  return (
    <>
      <div className={styles.row}>
        <input
          readOnly
          value={link}
          aria-label={copied === 'by hand' ? texts.copyByHand : texts.rooms.link}
          ref={(field) => {
            if (copied === 'by hand') field?.select();
          }}
          onFocus={({ target }) => target.select()}
        />
        <button
          type="button"
          className="primaryButton"
          onClick={onCopy}
          onBlur={() => copied === 'yes' && setCopied('not yet')}
        >
          <Icon name={copied === 'yes' ? 'check' : 'copy'} />
          <span aria-live="polite">{copied === 'yes' ? texts.linkCopied : texts.copyLink}</span>
        </button>
      </div>
      {copied === 'by hand' && <p role="alert">{texts.copyByHand}</p>}
      {canSend && (
        <button type="button" className={styles.send} onClick={onSend}>
          <Icon name="share" />
          {texts.rooms.sendLink}
        </button>
      )}
    </>
  );
}

function Code({ link }: { link: string }) {
  const { rooms: texts } = useTexts();
  const code = useModule(loadQrCode);
  if (code === 'failed') return <p>{texts.qrFailed}</p>;
  return (
    <figure className={styles.code}>
      <div className={styles.place}>{code && <code.QrCode text={link} />}</div>
      <figcaption>{texts.qrHint}</figcaption>
    </figure>
  );
}
