/** A film, with the browser's own controls, and the card to save it by. Only its beginning is loaded before it is played. */
import { useRef } from 'react';
import { useTexts } from '../../i18n/texts';
import { FileCard } from './FileCard';
import styles from './Film.module.css';
import type { MessageFileProps } from './messageFileProps';
import { NotLoaded } from './NotLoaded';
import { useInSight } from './useInSight';
import { useLink } from './useLink';
import { useSamePlace } from './useSamePlace';

export function Film(props: MessageFileProps) {
  const { message, file, isTabStop } = props;
  const { files } = useTexts();
  const place = useRef<HTMLDivElement>(null);
  const link = useLink(message, 'whole', useInSight(place));
  const playback = useSamePlace();
  return (
    <div className={styles.film}>
      <div ref={place} className={styles.place}>
        {link.url !== undefined && !link.hasFailed && (
          <video
            key={link.tries}
            className={styles.picture}
            src={link.url}
            aria-label={files.said(files.kinds.film, file.name)}
            tabIndex={isTabStop ? 0 : -1}
            controls
            playsInline
            preload="metadata"
            {...playback}
            onLoadedMetadata={(event) => {
              playback.onLoadedMetadata(event);
              link.onLoaded();
            }}
            onError={link.onFailed}
          />
        )}
        {link.hasFailed && <NotLoaded isTabStop={isTabStop} onAgain={link.tryAgain} />}
      </div>
      <FileCard {...props} />
    </div>
  );
}
