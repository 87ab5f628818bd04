/** The file of a message, as what it is: a picture, a sound, a film, or a card to save it by. */
import { useState } from 'react';
import { useModule } from '../useModule';
import { FileCard } from './FileCard';
import { Film } from './Film';
import { kindOf, kindOfType } from './fileKind';
import styles from './MessageFile.module.css';
import type { MessageFileProps } from './messageFileProps';
import { Picture } from './Picture';

export function MessageFile(props: MessageFileProps) {
  const { seq, upload } = props.message;
  const [broken, setBroken] = useState<string>();
  // One's own, which this browser cannot show, is a file until it comes from the room.
  const isBroken = seq === undefined && upload?.picture !== undefined && upload.picture === broken;
  const kind = isBroken ? 'file' : shownKind(props);
  return (
    <div
      className={styles.file}
      data-part="file"
      data-kind={kind}
      onErrorCapture={() => setBroken(upload?.picture)}
    >
      {kind === 'picture' && <Picture {...props} />}
      {kind === 'sound' && <Sound {...props} />}
      {kind === 'film' && <Film {...props} />}
      {kind === 'file' && (isBroken ? <FileCard {...props} /> : <Card {...props} />)}
    </div>
  );
}

/** What is not in the room yet cannot be had from the server; one's own picture is here. */
function shownKind({ message, file }: MessageFileProps) {
  const kind = kindOf(file);
  return message.seq === undefined && kind !== 'picture' ? 'file' : kind;
}

function Card({ message, file, isTabStop }: MessageFileProps) {
  const picture = kindOfType(file.type) === 'picture' ? message.upload?.picture : undefined;
  return (
    <FileCard message={message} file={file} isTabStop={isTabStop}>
      {picture && <img className={styles.thumb} src={picture} alt="" />}
    </FileCard>
  );
}

const loadPlayer = () => import('./SoundPlayer');

/** Until the player is there, and where it cannot be had, the sound is a file, which takes as much room. */
function Sound(props: MessageFileProps) {
  const loaded = useModule(loadPlayer);
  return loaded && loaded !== 'failed' ? (
    <loaded.SoundPlayer {...props} />
  ) : (
    <FileCard {...props} />
  );
}
