/** What a person should know of the server in this browser, where it is not as it should be. */
import { useState } from 'react';
import { useTexts } from '../i18n/texts';
import { useLocalServer } from './pageControls';

export function LocalNotices() {
  const { local, dismiss } = useTexts();
  const server = useLocalServer();
  const [isDismissed, setDismissed] = useState(false);
  if (!server) return null;
  const { host, storage } = server;
  return (
    <>
      {storage !== 'kept' && (
        <p data-storage={storage}>
          <span>{local.storage[storage]}</span>
          {storage === 'newer' && (
            <button type="button" onClick={() => location.reload()}>
              {local.reload}
            </button>
          )}
        </p>
      )}
      {host === 'alone' && !isDismissed && (
        <p>
          <span>{local.alone}</span>
          <button type="button" onClick={() => setDismissed(true)}>
            {dismiss}
          </button>
        </p>
      )}
    </>
  );
}
