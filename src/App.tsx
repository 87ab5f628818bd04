/** Puts the components together: the door, the chat, or what stands in the way. */
import { useEffect, useEffectEvent, useState, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import { createTextStorage } from './browserStorage';
import { ChatPage } from './components/ChatPage';
import { JoinForm } from './components/JoinForm';
import type { OpenElsewhereProps } from './components/OpenElsewhere';
import {
  type PageControls,
  PageControlsProvider,
  type ServerFileProblem,
} from './components/pageControls';
import type { RoomNavigation } from './components/roomNavigation';
import { useModule } from './components/useModule';
import { openWebSocket } from './connection/ports';
import type { FirstTexts } from './i18n/en/first';
import { type Language, loadTexts } from './i18n/language';
import { TextsProvider, useFirstTexts, useRestOfTexts } from './i18n/texts';
import type { Lab } from './lab/lab';
import { askToNotify, notifyPermission } from './notify/notifyPermission';
import type { ProblemProps } from './Problem';
import { createPageLab, startLab } from './pageLab';
import { roomKeyBytes, roomKeyOf, roomOfKey } from './protocol/privateRoom';
import { listenForPushed } from './push/listenForPushed';
import type { PushOutcome } from './push/pushMessages';
import { createRoomKeys } from './push/roomKeys';
import { createLocalServer, type LocalServer } from './server/browser/localServer';
import {
  type ChatTarget,
  checkKey,
  checkName,
  checkRoom,
  defaultRoom,
  isLocalServer,
  localServerName,
  parseTarget,
  privateRoomHash,
  readRoomLink,
  roomLink,
  withRoomKey,
} from './settings';
import { ChatStoreProvider } from './store/chatStore';
import { LabStoreProvider } from './store/labStore';
import { ownerOf, type PersonsWish, type PlainModule, useChatStore } from './useChatStore';
import { useNews } from './useNews';
import { type UpdateControls, usePageUpdates } from './usePageUpdates';

export interface AppProps {
  /** What `server.json` beside the page says. */
  ownServer: string | undefined;
  /** What is wrong with that file, if anything. */
  serverFileProblem?: ServerFileProblem | undefined;
  /** The server is the one that the file named before. */
  isServerFromBefore?: boolean | undefined;
  language: Language;
  texts: FirstTexts;
}

const tabStorage = createTextStorage('sessionStorage');
const browserStorage = createTextStorage('localStorage');
const roomKeys = createRoomKeys(browserStorage);

/** The page's address, with what opens a private room, where that is kept and the address lacks it. */
function readAddress(): string {
  const url = new URL(location.href);
  const key = roomKeys.get(url.searchParams.get('room')?.toLowerCase() ?? '');
  const hash = key && withRoomKey(url.hash, key);
  if (hash !== undefined) {
    url.hash = hash;
    history.replaceState(null, '', url);
  }
  return url.href;
}

export function App({ ownServer, serverFileProblem, isServerFromBefore, ...spoken }: AppProps) {
  const [{ language, texts }, setSpoken] = useState(spoken);
  // The whole address: what opens a private room is behind its `#`.
  const [href, setHref] = useState(readAddress);
  const [wish] = useState<PersonsWish>(() => ({ isClosed: false }));
  // One for all servers, rooms and names: what is wrong on purpose stays so.
  const [{ lab, labStore }] = useState(createPageLab);
  useEffect(() => startLab(lab, location.search), [lab]);
  useEffect(() => listenForPushed(navigator.serviceWorker, () => lab.pushed('service')), [lab]);
  // It starts nothing before a socket is asked for.
  const [localServer] = useState(() => createLocalServer({ name: localServerName(location.href) }));
  const [joinedName, setJoinedName] = useState(() => tabStorage.get('name'));

  useEffect(() => {
    const onBack = () => setHref(readAddress());
    window.addEventListener('popstate', onBack);
    return () => window.removeEventListener('popstate', onBack);
  }, []);

  const goTo = (change: (query: URLSearchParams) => void, hash = location.hash) => {
    const next = new URLSearchParams(location.search);
    change(next);
    history.pushState(null, '', `?${next}${hash}`);
    setHref(location.href);
  };
  const onSwitchRoom = (room: string, roomKey?: string) =>
    goTo((next) => next.set('room', room), hashOf(roomKey));
  const onSwitchServer = (address: string | undefined) =>
    goTo((next) => (address ? next.set('server', address) : next.delete('server')));

  const onNewPrivateRoom = () => {
    const key = roomKeyOf(crypto.getRandomValues(new Uint8Array(roomKeyBytes)));
    goTo((next) => next.set('room', roomOfKey(key)), privateRoomHash(key));
  };

  const onSwitchLanguage = async (next: Language) => {
    const nextTexts = await loadTexts(next);
    browserStorage.set('language', next);
    document.documentElement.lang = next;
    // An address that names a language would win over the choice at the next reload.
    const query = new URLSearchParams(location.search);
    if (query.has('lang')) {
      query.set('lang', next);
      history.replaceState(null, '', `?${query}${location.hash}`);
      setHref(location.href);
    }
    setSpoken({ language: next, texts: nextTexts });
  };

  const onJoin = (name: string) => {
    tabStorage.set('name', name);
    browserStorage.set('name', name);
    setJoinedName(name);
    // Whoever comes in wants to be there, however the last visit ended.
    wish.isClosed = false;
    if (query.has('name')) goTo((next) => next.delete('name'));
  };

  const onSignedOut = () => {
    browserStorage.remove('name');
    for (const key of tabStorage.keys('draft ')) tabStorage.remove(key);
    tabStorage.remove('name');
    setJoinedName(undefined);
    if (query.has('name')) goTo((next) => next.delete('name'));
  };

  const { search, searchParams: query } = new URL(href);
  const asked = query.get('name');
  const given = asked ?? joinedName;
  const name = given !== undefined && !checkName(given) ? given.trim() : undefined;
  const parsed = parseTarget(search, href, ownServer);

  return (
    <TextsProvider language={language} texts={texts}>
      <LabStoreProvider value={labStore}>
        {'problem' in parsed ? (
          <LaterProblem
            problem={parsed.problem}
            serverFileProblem={serverFileProblem}
            onGoToLobby={() => onSwitchRoom(defaultRoom)}
          />
        ) : name === undefined ? (
          <JoinForm
            key={asked}
            room={parsed.target.room}
            isPrivate={parsed.target.roomKey !== undefined}
            initialName={asked ?? browserStorage.get('name') ?? ''}
            isNameGiven={asked !== null}
            checkName={checkName}
            onJoin={onJoin}
            onSwitchLanguage={onSwitchLanguage}
          />
        ) : (
          <ChatUnlessElsewhere
            key={sessionOf(parsed.target, name)}
            target={parsed.target}
            name={name}
            wish={wish}
            lab={lab}
            controls={{
              localServer: isLocalServer(parsed.target.serverUrl) ? localServer : undefined,
              serverUrl: parsed.target.serverUrl,
              isOwnServer: !query.has('server'),
              isServer,
              onSwitchServer,
              onSwitchLanguage,
              checkName,
              onChangeName: onJoin,
              onSwitchRoom,
              notifyPermission,
              askToNotify,
              handOverPush: canHandOver()
                ? async (push) => {
                    const outcome = await handOver(JSON.stringify(push));
                    lab.pushed('page');
                    return outcome;
                  }
                : undefined,
              parseExport: async (file) => {
                const [{ createExportReader }, all] = await Promise.all([
                  import('./readExport'),
                  loadTexts(language),
                ]);
                return createExportReader(all)(file);
              },
              serverFileProblem,
              isServerFromBefore,
            }}
            onNewPrivateRoom={onNewPrivateRoom}
            onSignedOut={onSignedOut}
          />
        )}
      </LabStoreProvider>
    </TextsProvider>
  );
}

/** What needs a session of its own: with all else the same, another room is opened on the same line. */
function sessionOf({ room, roomKey, ...target }: ChatTarget, name: string): string {
  const isOfOneRoom = target.mode === 'plain';
  return JSON.stringify([target, name, ...(isOfOneRoom ? [room, roomKey] : [])]);
}

interface ChatProps {
  target: ChatTarget;
  name: string;
  wish: PersonsWish;
  lab: Lab;
  controls: Omit<PageControls, keyof UpdateControls> & { localServer: LocalServer | undefined };
  onNewPrivateRoom(): void;
  onSignedOut(): void;
}

/** The chat; but where another tab keeps it for itself, the way to have it here. */
function ChatUnlessElsewhere(props: ChatProps) {
  const { localServer } = props.controls;
  const isElsewhere = useSyncExternalStore(
    localServer?.subscribe ?? subscribeToNothing,
    () => localServer?.getState().host === 'elsewhere',
  );
  if (isElsewhere && localServer) return <LaterElsewhere onUseHere={localServer.useHere} />;
  return props.target.mode === 'plain' ? <PlainChat {...props} /> : <Chat {...props} />;
}

const subscribeToNothing = () => () => {};

const loadPlain = () => import('./chat/plainSession');

function PlainChat(props: ChatProps) {
  const plain = useModule(loadPlain);
  if (plain === 'failed') return <NotLoaded />;
  return plain && <Chat {...props} plain={plain} />;
}

function Chat(props: ChatProps & { plain?: PlainModule }) {
  const { target, name, wish, lab, controls, onNewPrivateRoom, onSignedOut, plain } = props;
  const news = useNews(ownerOf(target, name), controls.onSwitchRoom);
  const store = useChatStore(
    target,
    name,
    wish,
    { lab, openSocket: controls.localServer?.openSocket ?? openWebSocket },
    news.told,
    plain,
  );
  useEffect(() => news.follow(store), [news, store]);
  const updates = usePageUpdates(useStore(store, ({ connection }) => connection.status === 'open'));
  const isSignedOut = useStore(store, (state) => state.isSignedOut);
  const leave = useEffectEvent(onSignedOut);
  useEffect(() => {
    if (isSignedOut) leave();
  }, [isSignedOut]);
  const keyOf = (room: string) =>
    store.getState().rooms.find((known) => known.room === room)?.roomKey;
  const { mode } = target;
  const navigation: RoomNavigation = {
    checkRoom: (room) =>
      checkRoom(room) ?? (mode === 'chat' ? checkKey(room, keyOf(room)) : undefined),
    readRoomLink: (link) => readRoomLink(link, location.href),
    hrefOf: (room, roomKey) => (room === target.room ? location.href : addressOf(room, roomKey)),
    onSwitchRoom: (room, roomKey = keyOf(room)) => controls.onSwitchRoom(room, roomKey),
    onNewPrivateRoom,
    roomLink: roomLink(location.href, target.room, target.roomKey),
  };
  return (
    <ChatStoreProvider value={store}>
      <PageControlsProvider controls={{ ...controls, ...updates }}>
        <ChatPage navigation={navigation} />
      </PageControlsProvider>
    </ChatStoreProvider>
  );
}

/** Where this page has another room open, with all else as it is. */
function addressOf(room: string, roomKey: string | undefined): string {
  const query = new URLSearchParams(location.search);
  query.set('room', room);
  return `?${query}${hashOf(roomKey)}`;
}

function hashOf(roomKey: string | undefined): string {
  return roomKey === undefined ? '' : privateRoomHash(roomKey);
}

/** A browser gives a page its service worker only where nobody on the way can have changed it. */
function canHandOver(): boolean {
  return window.isSecureContext && 'serviceWorker' in navigator;
}

async function handOver(payload: string): Promise<PushOutcome> {
  const { handOverPush } = await import('./push/handOverPush');
  return handOverPush(payload);
}

/** Whether a chat could be looked for there. */
function isServer(address: string): boolean {
  const query = new URLSearchParams({ server: address });
  return 'target' in parseTarget(`?${query}`, location.href, undefined);
}

/** What stands in the way is seldom told, and is loaded with its words. */
function useSpoken<Module>(load: () => Promise<Module>): Module | 'failed' | undefined {
  const loaded = useModule(load);
  const { hasRest, loadRest } = useRestOfTexts();
  useEffect(() => {
    loadRest().catch(() => {});
  }, [loadRest]);
  return hasRest || loaded === 'failed' ? loaded : undefined;
}

const loadProblem = () => import('./Problem');

function LaterProblem(props: ProblemProps) {
  const loaded = useSpoken(loadProblem);
  if (loaded === 'failed') return <NotLoaded />;
  return loaded && <loaded.Problem {...props} />;
}

const loadElsewhere = () => import('./components/OpenElsewhere');

function LaterElsewhere(props: OpenElsewhereProps) {
  const loaded = useSpoken(loadElsewhere);
  if (loaded === 'failed') return <NotLoaded />;
  return loaded && <loaded.OpenElsewhere {...props} />;
}

function NotLoaded() {
  return <p role="alert">{useFirstTexts().notLoaded}</p>;
}
