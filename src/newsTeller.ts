/**
 * Tells of news while nobody looks, and says on the page's icon how much is unread: the store and the browser,
 * put together. Loaded once there can be news.
 */
import type { News } from './chat/knownRooms';
import type { FirstTexts } from './i18n/en/first';
import { createBrowserNotifications } from './notify/browserNotifications';
import { createNewsClaims } from './notify/newsClaims';
import { createNewsNotifier } from './notify/newsNotifier';
import { playNewsSound } from './notify/newsSound';
import { notifyPermission } from './notify/notifyPermission';
import { type ChatStore, isProgram, unreadCount } from './store/chatStore';
import { readSetting } from './storedSettings';

/** What it needs of the page, as it is at that moment. */
export interface NewsPage {
  texts: FirstTexts;
  onOpenRoom(room: string, roomKey: string | undefined): void;
}

export interface NewsTeller {
  told(news: News): void;
  stop(): void;
}

const isLookedAt = () => document.visibilityState === 'visible';

/** `owner` is the server and the user's name on it; the store is that of their chat. */
export function startNewsTeller(owner: string, page: () => NewsPage, store: ChatStore): NewsTeller {
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
      const { texts, onOpenRoom } = page();
      const { room, roomKey, body } = news;
      const onClick = () => onOpenRoom(room, roomKey);
      void notifications.show({ room, title: titleOf(news, texts), body, onClick });
    },
    close: notifications.close,
    playSound: playNewsSound,
  });
  const tell = () => {
    const { rooms } = store.getState();
    for (const { room, unread } of rooms) if (unread === 0) notifier.read(room);
    tellIcon(unreadCount({ rooms }));
  };
  const stopNotifier = notifier.start();
  tell();
  const unsubscribe = store.subscribe(({ rooms }, before) => {
    if (rooms !== before.rooms) tell();
  });
  return {
    told: notifier.told,
    stop() {
      unsubscribe();
      stopNotifier();
      tellIcon(0);
    },
  };
}

function titleOf({ author, room, isPrivate }: News, texts: FirstTexts): string {
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
