/** The browser's notifications: one for each room, which the next one of that room takes the place of. */
import { tagOf } from '../push/notifications';

export interface RoomNotification {
  room: string;
  title: string;
  body: string;
  /** The person has clicked it: this page is in front now. */
  onClick(): void;
}

export interface BrowserNotifications {
  show(notification: RoomNotification): Promise<void>;
  /** Takes the room's away; without a room, all. */
  close(room?: string): void;
}

export function createBrowserNotifications(): BrowserNotifications {
  const shown = new Map<string, Pick<Notification, 'close'>>();
  const registration = async () => navigator.serviceWorker?.getRegistration(document.baseURI);

  return {
    async show({ room, title, body, onClick }) {
      const worker = await registration();
      const tag = tagOf(room);
      // What was pushed while the line was away says the same already.
      const pushed = (await worker?.getNotifications({ tag })) ?? [];
      if (pushed.some((each) => each.title === title && each.body === body)) return;
      const icon = new URL('icon-192.png', document.baseURI).href;
      // The sound is the page's own, and off until somebody wants it.
      const looks = { body, tag, icon, dir: 'auto', renotify: true, silent: true } as const;
      try {
        const notification = new Notification(title, looks);
        shown.set(room, notification);
        notification.onclick = () => {
          window.focus();
          notification.close();
          onClick();
        };
        notification.onclose = () => {
          if (shown.get(room) === notification) shown.delete(room);
        };
      } catch {
        // On phones only a service worker may show one; it opens the room by its data.
        await worker?.showNotification(title, { ...looks, data: { room, seq: 0 } });
        const [made] = (await worker?.getNotifications({ tag })) ?? [];
        if (made) shown.set(room, made);
      }
    },
    close(room) {
      for (const [name, notification] of shown) {
        if (room !== undefined && name !== room) continue;
        notification.close();
        shown.delete(name);
      }
    },
  };
}
