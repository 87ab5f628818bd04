/** Everything of the open room that could not be sent, each with its reason and what can be done. */
import { useEffect, useEffectEvent } from 'react';
import { useTexts } from '../i18n/texts';
import { type ChatMessage, type ShownFile, useChat } from '../store/chatStore';
import { Dialog } from './Dialog';
import styles from './FailedMessages.module.css';
import { failureText, isWorthRetrying } from './failureText';
import { FileMention } from './files/FileMention';

export interface FailedMessagesProps {
  /** How many failed, in every room. */
  count: number;
  onClose(): void;
}

interface Failed {
  /** For `retry` and `remove`. */
  id: string;
  kind: 'message' | 'edit' | 'delete';
  body: string;
  failure: ChatMessage['failure'];
  file?: ShownFile | undefined;
}

export function FailedMessages({ count, onClose }: FailedMessagesProps) {
  const texts = useTexts();
  const { line } = texts;
  const messages = useChat((state) => state.messages);
  const { retry, remove } = useChat((state) => state.actions);
  const failed = messages.flatMap(failedOf);
  const elsewhere = count - failed.length;

  const close = useEffectEvent(onClose);
  const isEmpty = failed.length === 0 && elsewhere <= 0;
  useEffect(() => {
    if (isEmpty) close();
  }, [isEmpty]);

  return (
    <Dialog title={line.failedTitle} onClose={onClose}>
      <ul className={styles.list} data-focus-group>
        {failed.map(({ id, kind, body, failure, file }) => (
          <li key={id}>
            <p className={styles.body} dir="auto">
              {kind !== 'message' && <b>{line.changes[kind]} </b>}
              {body}
              {file && <FileMention file={file} />}
            </p>
            <p className={styles.reason}>
              {failure ? failureText(texts, failure) : texts.states.failed}
            </p>
            {isWorthRetrying(failure) && (
              <button type="button" onClick={() => retry(id)}>
                {texts.retry}
              </button>
            )}
            <button type="button" onClick={() => remove(id)}>
              {texts.delete}
            </button>
          </li>
        ))}
      </ul>
      {elsewhere > 0 && <p className={styles.elsewhere}>{line.failedElsewhere(elsewhere)}</p>}
    </Dialog>
  );
}

function failedOf({ id, state, body, failure, change, file }: ChatMessage): Failed[] {
  if (state === 'failed') return [{ id, kind: 'message', body, failure, file }];
  if (change?.state !== 'failed') return [];
  return [{ id: change.id, kind: change.kind, body, failure: change.failure }];
}
