/**
 * The whole chat on one page: rooms, conversation and people beside each other where there is room, else
 * the conversation alone, with rooms, people and search a press away.
 */
import { useState } from 'react';
import { useFirstTexts } from '../i18n/texts';
import { useChat } from '../store/chatStore';
import { useGoToMessage } from '../store/soughtMessage';
import { BottomBar } from './BottomBar';
import { Brand } from './Brand';
import { ChatHeader } from './ChatHeader';
import styles from './ChatPage.module.css';
import { Conversation } from './Conversation';
import { focusHome } from './focus';
import {
  Announcer,
  BesideSheet,
  Drawer,
  FocusGuard,
  LabStrip,
  LineBanner,
  Me,
  Notices,
  PagePanels,
  PeoplePanel,
  RoomsPanel,
  SearchSide,
} from './later';
import { useLoadLater } from './loadLater';
import { type Side, usePageControls } from './pageControls';
import { type RoomNavigation, RoomNavigationProvider } from './roomNavigation';
import { SendForm } from './SendForm';
import { useFocusStart } from './useFocusStart';
import { useMediaQuery } from './useMediaQuery';
import { usePeopleFolded } from './usePeopleFolded';
import { useRoomTitle } from './useRoomTitle';
import { useUnloadGuard } from './useUnloadGuard';
import { useUnreadMark } from './useUnreadMark';

export function ChatPage({ navigation }: { navigation: RoomNavigation }) {
  const texts = useFirstTexts();
  const title = useRoomTitle();
  const room = useChat((state) => state.room);
  const unread = useUnreadMark();
  const goToMessage = useGoToMessage();
  const isNarrow = useMediaQuery('(max-width: 63.99rem)');
  const isPhone = useMediaQuery('(max-width: 47.99rem)');
  // Lying on its side, or with its keyboard open, a phone has no height to spare.
  const hasBar = useMediaQuery('(max-width: 47.99rem) and (min-height: 30rem)');
  // A desk at 200 %, a phone on its side: room beside the conversation, and none below it.
  const isLow = useMediaQuery('(min-width: 36rem) and (max-height: 32rem)');
  const isStacked = isPhone && !isLow;
  const [isFolded, setFolded] = usePeopleFolded();
  const { beside, openBeside, openPanel } = usePageControls();
  const [drawer, setDrawer] = useState<'rooms' | Side>();
  useUnloadGuard();
  useFocusStart(title);
  useLoadLater();

  const closeDrawer = () => setDrawer(undefined);
  const share = () => {
    closeDrawer();
    openPanel('share');
  };
  const besides = isNarrow && beside === 'search' ? undefined : beside;
  const side = besides ?? (isNarrow || isFolded ? undefined : 'people');
  const closeBeside = () => openBeside(undefined);
  const onToggle = (wanted: Side) => {
    if (wanted === 'lab' || wanted === 'tour') openBeside(side === wanted ? undefined : wanted);
    else if (isNarrow) setDrawer(wanted);
    else if (wanted === 'search') openBeside(side === 'search' ? undefined : 'search');
    else {
      setFolded(side === 'people');
      closeBeside();
    }
  };
  const people = <PeoplePanel onShare={share} />;

  return (
    <RoomNavigationProvider value={navigation}>
      <title>{`${unread}${title} · Heartline`}</title>
      <div className={styles.page}>
        <button type="button" className={`primaryButton ${styles.skip}`} onClick={focusHome}>
          {texts.rooms.skip}
        </button>
        {!isNarrow && (
          <nav className={styles.rooms} aria-label={texts.rooms.title}>
            <div className={styles.brand}>
              <Brand />
            </div>
            <RoomsPanel>
              <Me />
            </RoomsPanel>
          </nav>
        )}
        <div className={styles.open}>
          <ChatHeader
            onRooms={isNarrow ? () => setDrawer('rooms') : undefined}
            onToggle={onToggle}
            side={side}
            isPhone={isPhone}
            hasBar={hasBar}
            onShare={share}
          />
          <div className={styles.middle} data-stacked={isStacked}>
            <div className={styles.column}>
              <LabStrip />
              <LineBanner isPhone={isPhone} />
              <Notices />
              <main key={room} className={styles.main}>
                <Conversation />
                <SendForm />
              </main>
            </div>
            {(side === 'lab' || side === 'tour') && (
              <BesideSheet key={side} side={side} isSheet={isStacked} onClose={closeBeside} />
            )}
            {(side === 'people' || side === 'search') && (
              <aside className={styles.beside} data-side={side} aria-label={texts.rooms[side]}>
                {side === 'people' && people}
                {side === 'search' && <SearchSide onGoTo={goToMessage} onClose={closeBeside} />}
              </aside>
            )}
          </div>
          {hasBar && !side && (
            <BottomBar
              onRooms={() => setDrawer('rooms')}
              onSearch={() => setDrawer('search')}
              onPeople={() => setDrawer('people')}
            />
          )}
        </div>
        <Announcer key={room} />
        <FocusGuard />
      </div>
      {isNarrow && drawer === 'rooms' && (
        <Drawer label={texts.rooms.title} title={<Brand />} side="start" onClose={closeDrawer}>
          <RoomsPanel onGone={closeDrawer}>
            <Me />
          </RoomsPanel>
        </Drawer>
      )}
      {isNarrow && drawer === 'people' && (
        <Drawer label={texts.rooms.people} title={title} side="end" onClose={closeDrawer}>
          {people}
        </Drawer>
      )}
      {isNarrow && drawer === 'search' && (
        <Drawer label={texts.rooms.search} side="end" isWide onClose={closeDrawer}>
          <SearchSide
            onGoTo={(seq) => {
              closeDrawer();
              goToMessage(seq);
            }}
            onClose={closeDrawer}
          />
        </Drawer>
      )}
      <PagePanels />
    </RoomNavigationProvider>
  );
}
