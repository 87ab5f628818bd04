/**
 * Tells of news while nobody looks, and says on the page's icon how much is unread: the session, the store
 * and the browser, put together.
 */
import { useEffect, useInsertionEffect, useRef, useState } from 'react';
import type { News } from './chat/knownRooms';
import type { Texts } from './i18n/en';
import { useTexts } from './i18n/texts';
import { createBrowserNotifications } from './notify/browserNotifications';
import { createNewsClaims } from './notify/newsClaims';
import { createNewsNotifier } from './notify/newsNotifier';
import { playNewsSound } from './notify/newsSound';
import { notifyPermission } from './notify/notifyPermission';
import { type ChatStore, isProgram, unreadCount } from './store/chatStore';
import { readSetting } from './storedSettings';

type OpenRoom = (room: string, roomKey: string | undefined) => void;

/** What to call with what was said; `follow` has it know what the store's rooms have unread. */
export interface NewsTeller {
  told(news: News): void;
  follow(store: ChatStore): () => void;
}

/** `owner` is the server and the user's name on it. A click on a notification opens its room. */
export function useNews(owner: string, onOpenRoom: OpenRoom): NewsTeller {
  const texts = useTexts();
  const latest = useRef({ texts, onOpenRoom });
  useInsertionEffect(() => {
    latest.current = { texts, onOpenRoom };
  });
  const [{ notifier, teller }] = useState(() => createTeller(owner, () => latest.current));
  useEffect(() => notifier.start(), [notifier]);
  return teller;
}

const isLookedAt = () => document.visibilityState === 'visible';

function createTeller(owner: string, latest: () => { texts: Texts; onOpenRoom: OpenRoom }) {
  const notifications = createBrowserNotifications();
  const notifier = createNewsNotifier({
    claims: createNewsClaims({ owner }),
    wants: (what) => readSetting(what) && (what === 'sound' || notifyPermission() === 'granted'),
    isLookedAt,
    onLook(listener) {
      document.addEventListener('visibilitychange', listener);
      return () => document.removeEventListener('visibilitychange', listener);
    },
    show(news) {
      const { texts, onOpenRoom } = latest();
      const { room, roomKey, body } = news;
      const onClick = () => onOpenRoom(room, roomKey);
      void notifications.show({ room, title: titleOf(news, texts), body, onClick });
    },
    close: notifications.close,
    playSound: playNewsSound,
  });
  const follow = (store: ChatStore) => {
    const tell = () => {
      const { rooms } = store.getState();
      for (const { room, unread } of rooms) if (unread === 0) notifier.read(room);
      tellIcon(unreadCount({ rooms }));
    };
    tell();
    const unsubscribe = store.subscribe(({ rooms }, before) => {
      if (rooms !== before.rooms) tell();
    });
    return () => {
      unsubscribe();
      tellIcon(0);
    };
  };
  return { notifier, teller: { told: notifier.told, follow } };
}

function titleOf({ author, room, isPrivate }: News, texts: Texts): string {
  const { name, tag } = author;
  const fullName = tag === undefined ? name : `${name} ·${tag}`;
  const shownName = isProgram(author) ? texts.asProgram(fullName) : fullName;
  return `${shownName} · ${isPrivate ? texts.privateRoom(room.slice(2, 6)) : room}`;
}

/** The badge on the icon of a page that was installed as an app. */
function tellIcon(unread: number) {
  // Browsers without it have no such icon, and some refuse it to a page that is none.
  const told = unread > 0 ? navigator.setAppBadge?.(unread) : navigator.clearAppBadge?.();
  told?.catch(() => {});
}
