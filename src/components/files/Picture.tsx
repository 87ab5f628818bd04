/**
 * A picture in the conversation, at its own ratio and within bounds. Its place is kept before anything of it is
 * loaded. One's own is shown as this browser has it until the room's is there. A press shows it large.
 */
import { useRef, useState } from 'react';
import { useTexts } from '../../i18n/texts';
import type { ChatMessage } from '../../store/chatStore';
import { useShowPicture } from '../../store/shownPicture';
import { useShownName } from '../useShownName';
import type { MessageFileProps } from './messageFileProps';
import { NotLoaded } from './NotLoaded';
import styles from './Picture.module.css';
import { staysPut } from './staysPut';
import { useInSight } from './useInSight';
import { useShownLink } from './useShownLink';

/** At most so large, in CSS px. */
const widthPx = 420;
const heightPx = 320;
/** Smaller than this no place is: something has to be pressed. */
const leastPx = 48;

/** How large a picture of `width` and `height` is drawn where there is room for it, in CSS px. */
export function boundsOf(width: number, height: number): { width: number; height: number } {
  const scale = Math.min(1, widthPx / width, heightPx / height);
  return {
    width: Math.max(leastPx, Math.round(width * scale)),
    height: Math.max(leastPx, Math.round(height * scale)),
  };
}

export function Picture({ message, file, isTabStop }: MessageFileProps) {
  const { files } = useTexts();
  const shownName = useShownName();
  const show = useShowPicture();
  const place = useRef<HTMLDivElement>(null);
  const link = useShownLink(message, file.hasPreview ? 'preview' : 'whole', useInSight(place));
  const own = useOwnPicture(message);
  const [isLoaded, setLoaded] = useState(false);
  const { seq } = message;
  const words = files.pictureBy(file.name, shownName(message.author));
  const { width, height } = boundsOf(file.width ?? leastPx, file.height ?? leastPx);

  return (
    <div
      ref={place}
      className={styles.place}
      style={{ inlineSize: width, aspectRatio: `${width} / ${height}` }}
    >
      <button
        type="button"
        className={styles.open}
        tabIndex={isTabStop ? 0 : -1}
        aria-label={words}
        title={files.open}
        aria-haspopup="dialog"
        disabled={seq === undefined}
        {...staysPut}
        onClick={({ currentTarget }) => {
          // What is shown gives the focus back to where it came from.
          currentTarget.focus({ preventScroll: true });
          show(seq);
        }}
      >
        {own && !isLoaded && <img src={own} alt={words} />}
        {link.url !== undefined && !link.hasFailed && (
          <img
            key={link.tries}
            src={link.url}
            alt={words}
            decoding="async"
            data-loaded={isLoaded}
            onLoad={() => {
              setLoaded(true);
              link.onLoaded();
            }}
            onError={link.onFailed}
          />
        )}
      </button>
      {link.hasFailed && !own && (
        <div className={styles.failed}>
          <NotLoaded isTabStop={isTabStop} onAgain={link.tryAgain} />
        </div>
      )}
    </div>
  );
}

/** The picture as this browser had it while it was on its way: drawn once, it stays although its URL has ended. */
function useOwnPicture({ upload }: ChatMessage): string | undefined {
  const [own, setOwn] = useState(upload?.picture);
  if (upload?.picture !== undefined && upload.picture !== own) setOwn(upload.picture);
  return own;
}
