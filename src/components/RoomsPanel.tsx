/** Everything about rooms in one column: to another one, those one knows, and new ones; oneself below. */
import { type ReactNode, useState } from 'react';
import { useTexts } from '../i18n/texts';
import { useChat } from '../store/chatStore';
import { Icon } from './Icon';
import { Lock } from './Lock';
import { NewRoomDialog } from './NewRoomDialog';
import { RoomJump } from './RoomJump';
import { RoomList } from './RoomList';
import styles from './RoomsPanel.module.css';
import { useRoomNavigation } from './roomNavigation';

export interface RoomsPanelProps {
  /** The user has gone to another room: what lies over the page may go. */
  onGone?: () => void;
  /** What stands below the rooms. */
  children: ReactNode;
}

export function RoomsPanel({ onGone, children }: RoomsPanelProps) {
  const texts = useTexts();
  const mode = useChat((state) => state.mode);
  const { onNewPrivateRoom } = useRoomNavigation();
  const [isNaming, setNaming] = useState(false);
  return (
    <>
      <div className={styles.jump}>
        <RoomJump onGone={onGone} />
      </div>
      <div className={styles.rooms}>
        <h2>{texts.rooms.title}</h2>
        <RoomList onGone={onGone} />
        <div className={styles.make}>
          <button type="button" className="quietButton" onClick={() => setNaming(true)}>
            <Icon name="plus" />
            {texts.rooms.newRoom}
          </button>
          {mode === 'chat' && (
            <button
              type="button"
              className="quietButton"
              title={texts.newPrivateRoomHint}
              onClick={() => {
                onNewPrivateRoom();
                onGone?.();
              }}
            >
              <Lock />
              {texts.newPrivateRoom}
            </button>
          )}
        </div>
      </div>
      <div className={styles.below}>{children}</div>
      {isNaming && <NewRoomDialog onClose={() => setNaming(false)} onGone={onGone} />}
    </>
  );
}
