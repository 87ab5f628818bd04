/** Saves the whole room as a JSON file. */
import { useState } from 'react';
import { useTexts } from '../i18n/texts';
import { type RoomExport, useChat } from '../store/chatStore';
import styles from './ExportButton.module.css';

export function ExportButton() {
  const texts = useTexts();
  const { exportRoom } = useChat((state) => state.actions);
  const [state, setState] = useState<'idle' | 'busy' | 'failed'>('idle');

  const onClick = () => {
    setState('busy');
    exportRoom().then(
      (saved) => {
        download(saved);
        setState('idle');
      },
      () => setState('failed'),
    );
  };

  return (
    <>
      <button type="button" className={styles.export} disabled={state === 'busy'} onClick={onClick}>
        {texts.export}
      </button>
      {state === 'failed' && (
        <span role="alert" className={styles.failed}>
          {texts.exportFailed}
        </span>
      )}
    </>
  );
}

function download(saved: RoomExport): void {
  const file = new Blob([JSON.stringify(saved, null, 2)], { type: 'application/json' });
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = `heartline-${saved.room}.json`;
  link.click();
  URL.revokeObjectURL(url);
}
