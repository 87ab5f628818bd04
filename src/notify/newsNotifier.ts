/**
 * Tells of what was said while nobody looks: by a notification, by a sound, or not at all, as the person has
 * chosen. Who looks at the page needs neither.
 */
import type { News } from '../chat/knownRooms';
import type { Cancel } from '../connection/ports';
import type { NewsClaims } from './newsClaims';

export interface NewsNotifierOptions {
  claims: NewsClaims;
  /** What the person has chosen, and the browser allows. */
  wants(what: 'notify' | 'sound'): boolean;
  isLookedAt(): boolean;
  /** Calls back when that has changed. */
  onLook(listener: () => void): Cancel;
  /** Shows a notification in place of the room's earlier one. */
  show(news: News): void;
  /** Takes the room's notification away; without a room, all. */
  close(room?: string): void;
  playSound(): void;
}

export interface NewsNotifier {
  start(): Cancel;
  told(news: News): void;
  /** The user has read the room, here or elsewhere. */
  read(room: string): void;
}

export function createNewsNotifier(options: NewsNotifierOptions): NewsNotifier {
  const { claims, wants, isLookedAt, show, close, playSound } = options;
  let stopLooking: Cancel | undefined;

  function look() {
    if (!isLookedAt()) {
      stopLooking?.();
      stopLooking = undefined;
    } else if (!stopLooking) {
      stopLooking = claims.lookAt();
      close();
    }
  }

  async function tell(news: News) {
    const isFirst = await claims.claim(news.room, `${news.at} ${news.author.id}`);
    if (!isFirst || isLookedAt()) return;
    if (wants('notify')) show(news);
    if (wants('sound')) playSound();
  }

  return {
    start() {
      look();
      const cancel = options.onLook(look);
      return () => {
        cancel();
        stopLooking?.();
        stopLooking = undefined;
        claims.stop();
        close();
      };
    },
    told(news) {
      if (!isLookedAt() && (wants('notify') || wants('sound'))) void tell(news);
    },
    read: close,
  };
}
