/** What stands below an empty room's first words: how others come in, and the way to the tour. */
import { useTexts } from '../i18n/texts';
import { useChat } from '../store/chatStore';
import styles from './EmptyRoom.module.css';
import { Icon } from './Icon';
import { useLocalServer, usePageControls } from './pageControls';

export function EmptyRoomMore() {
  const texts = useTexts();
  const isPrivate = useChat((state) => state.isPrivate);
  const mode = useChat((state) => state.mode);
  const { beside, openBeside, openPanel } = usePageControls();
  const localServer = useLocalServer();
  const inviteElsewhere = isPrivate ? texts.rooms.emptyPrivate : texts.rooms.emptyInvite;
  const inviteText = localServer ? texts.local.inviteTab : inviteElsewhere;
  return (
    <>
      {localServer && (
        <p>{localServer.host === 'shared' ? texts.local.livesHere : texts.local.livesHereAlone}</p>
      )}
      {mode === 'chat' && localServer?.host !== 'alone' && (
        <>
          <p>{inviteText}</p>
          <button type="button" onClick={() => openPanel('share')}>
            <Icon name="share" />
            {localServer ? texts.local.invite : texts.rooms.invite}
          </button>
        </>
      )}
      {beside !== 'tour' && (
        <button type="button" className="quietButton" onClick={() => openBeside('tour')}>
          <Icon name="tour" />
          {texts.takeTour}
        </button>
      )}
      <svg className={styles.beat} width="240" height="72" viewBox="0 0 240 72" aria-hidden="true">
        <path d="M0 44h84q6-10 12 0h8l4 5l6-36l8 48l5-17h11q7-12 15 0h87" />
      </svg>
    </>
  );
}
