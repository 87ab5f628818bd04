/** Hands news to what tells of them, which is loaded once the line is open: before that there are none. */
import { useInsertionEffect, useRef, useState } from 'react';
import type { News } from './chat/knownRooms';
import { useFirstTexts } from './i18n/texts';
import type { NewsPage, NewsTeller } from './newsTeller';
import type { ChatStore } from './store/chatStore';

/** What to call with what was said; `follow` begins to tell of it, and of what the store's rooms have unread. */
export interface NewsRelay {
  told(news: News): void;
  follow(store: ChatStore): () => void;
}

/** So many wait for what tells of them: it takes a moment to load, or cannot be had. */
const maxWaiting = 100;

/** `owner` is the server and the user's name on it. A click on a notification opens its room. */
export function useNews(owner: string, onOpenRoom: NewsPage['onOpenRoom']): NewsRelay {
  const texts = useFirstTexts();
  const latest = useRef({ texts, onOpenRoom });
  useInsertionEffect(() => {
    latest.current = { texts, onOpenRoom };
  });
  const [relay] = useState(() => createRelay(owner, () => latest.current));
  return relay;
}

function createRelay(owner: string, page: () => NewsPage): NewsRelay {
  let teller: NewsTeller | undefined;
  let waiting: News[] = [];

  return {
    told(news) {
      if (teller) teller.told(news);
      else waiting = [...waiting, news].slice(-maxWaiting);
    },
    follow(store) {
      let isWanted = true;
      let isAsked = false;
      const load = async () => {
        const { startNewsTeller } = await import('./newsTeller');
        if (!isWanted) return;
        teller = startNewsTeller(owner, page, store);
        for (const news of waiting) teller.told(news);
        waiting = [];
      };
      const look = () => {
        if (isAsked || store.getState().connection.status !== 'open') return;
        isAsked = true;
        load().catch(() => {
          isAsked = false;
        });
      };
      const unsubscribe = store.subscribe(look);
      look();
      return () => {
        isWanted = false;
        unsubscribe();
        teller?.stop();
        teller = undefined;
      };
    },
  };
}
