/** A sound that is attached can be heard before it is sent. */
import { PlayButton } from './PlayButton';
import { useSound } from './useSound';

export function AttachedSound({ url }: { url: string }) {
  const sound = useSound();
  return (
    <>
      <PlayButton sound={sound} />
      <audio src={url} preload="metadata" {...sound.audio} />
    </>
  );
}
