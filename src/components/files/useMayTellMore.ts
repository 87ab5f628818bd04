import { useEffect, useState } from 'react';
import { mayTellMore, tellingBytes } from '../../store/fileToSend';

/** Whether a file is a picture of which more goes than its pixels; false until its beginning was read. */
export function useMayTellMore(file: File): boolean {
  const [telling, setTelling] = useState<File>();
  useEffect(() => {
    const look = async () => {
      const head = new Uint8Array(await file.slice(0, tellingBytes).arrayBuffer());
      if (mayTellMore(head)) setTelling(file);
    };
    // What cannot be read is told of when it is sent.
    look().catch(() => {});
  }, [file]);
  return telling === file;
}
