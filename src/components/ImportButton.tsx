/** Opens a file that an export has made, to be read and nothing more. */
import { type ChangeEvent, useRef, useState } from 'react';
import { useTexts } from '../i18n/texts';
import type { RoomExport } from '../store/chatStore';
import { ImportedRoom } from './ImportedRoom';
import type { PageControls } from './pageControls';
import styles from './Settings.module.css';

/** A larger file would fill the page's memory. */
const maxFileBytes = 256 * 1_024 * 1_024;

export interface ImportButtonProps {
  parse: PageControls['parseExport'];
}

export function ImportButton({ parse }: ImportButtonProps) {
  const { settings: texts } = useTexts();
  const field = useRef<HTMLInputElement>(null);
  const [room, setRoom] = useState<RoomExport>();
  const [problem, setProblem] = useState<string>();

  const onChange = async ({ currentTarget }: ChangeEvent<HTMLInputElement>) => {
    const file = currentTarget.files?.[0];
    // The same file, mended, can be chosen again.
    if (field.current) field.current.value = '';
    if (!file) return;
    if (file.size > maxFileBytes) return setProblem(texts.tooLarge);
    const text = await file.text().catch(() => undefined);
    const notRead = { problem: texts.notRead };
    const read = text === undefined ? notRead : await parse(text).catch(() => notRead);
    setProblem('problem' in read ? read.problem : undefined);
    setRoom('room' in read ? read.room : undefined);
  };

  return (
    <>
      <input
        ref={field}
        type="file"
        accept=".json,application/json"
        hidden
        data-testid="import"
        onChange={(event) => void onChange(event)}
      />
      <button type="button" onClick={() => field.current?.click()}>
        {texts.import}
      </button>
      {problem && (
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
      {room && <ImportedRoom room={room} onClose={() => setRoom(undefined)} />}
    </>
  );
}
