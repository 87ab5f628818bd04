/** Says who takes the push service's part here, and lets the page show what comes. */
import { useEffect, useRef, useState } from 'react';
import type { TourTexts } from '../../i18n/en/tour';
import { useChat } from '../../store/chatStore';
import { PushSwitch } from '../PushSwitch';
import { usePageControls } from '../pageControls';
import { pushWayOf } from './steps';
import styles from './TourStep.module.css';

export function PushNote({ texts }: { texts: TourTexts }) {
  const way = useChat(pushWayOf);
  const isOff = useChat(({ push }) => push.status === 'off');
  const { notifyPermission, askToNotify } = usePageControls();
  const [permission, setPermission] = useState(notifyPermission);
  const [isAnswered, setAnswered] = useState(false);
  const note = useRef<HTMLParagraphElement>(null);
  // The button that was pressed is gone, and the reader stays where it was.
  useEffect(() => {
    if (isAnswered) note.current?.focus();
  }, [isAnswered]);

  async function ask() {
    const answer = await askToNotify();
    setPermission(answer);
    setAnswered(answer !== 'default');
  }

  return (
    <>
      <p ref={note} tabIndex={-1}>
        {texts.push[way]}
      </p>
      {isOff && <p>{texts.push.canBeReal}</p>}
      <PushSwitch />
      {permission === 'default' && (
        <div className={styles.ask}>
          <p>{texts.push.notAsked}</p>
          <button type="button" onClick={ask}>
            {texts.push.allow}
          </button>
        </div>
      )}
      {permission === 'denied' && <p className={styles.note}>{texts.push.denied}</p>}
    </>
  );
}
