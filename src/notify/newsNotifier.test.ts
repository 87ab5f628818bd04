import { beforeEach, describe, expect, it } from 'vitest';
import type { News } from '../chat/knownRooms';
import { createFakeLocks, type FakeLocks } from '../testing/fakeLocks';
import { settle } from '../testing/settle';
import { createNewsClaims } from './newsClaims';
import { createNewsNotifier } from './newsNotifier';

const news = (at: number, room = 'tea'): News => ({
  room,
  isPrivate: false,
  roomKey: undefined,
  author: { id: 'u2', name: 'Bob' },
  body: `said at ${at}`,
  at,
});
/** Lets the locks, which answer in promises, answer. */

let locks: FakeLocks;
beforeEach(() => {
  locks = createFakeLocks();
});

/** One page of a browser, hidden at first. */
function openPage(wishes: { notify?: boolean; sound?: boolean } = { notify: true }) {
  let isLookedAt = false;
  const listeners = new Set<() => void>();
  const shown: string[] = [];
  const closed: (string | undefined)[] = [];
  let sounds = 0;
  const notifier = createNewsNotifier({
    claims: createNewsClaims({ owner: 'wss://chat.example/ws Ann', locks }),
    wants: (what) => wishes[what] ?? false,
    isLookedAt: () => isLookedAt,
    onLook(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    show: ({ body }) => void shown.push(body),
    close: (room) => void closed.push(room),
    playSound() {
      sounds += 1;
    },
  });
  const stop = notifier.start();
  return {
    ...notifier,
    stop,
    shown,
    closed,
    sounds: () => sounds,
    listeners,
    async look(next: boolean) {
      isLookedAt = next;
      for (const listener of listeners) listener();
      await settle();
    },
  };
}

describe('what is said while nobody looks', () => {
  it('is shown, where the person wants that', async () => {
    const page = openPage();
    page.told(news(1));
    await settle();
    expect(page.shown).toEqual(['said at 1']);
    expect(page.sounds()).toBe(0);
  });

  it('is shown and heard not at all before the person wants it', async () => {
    const page = openPage({});
    page.told(news(1));
    await settle();
    expect([page.shown, page.sounds()]).toEqual([[], 0]);
  });

  it('is heard alone, where the person wants just that', async () => {
    const page = openPage({ sound: true });
    page.told(news(1));
    await settle();
    expect([page.shown, page.sounds()]).toEqual([[], 1]);
  });

  it('is told by one of the user’s pages, whichever hears of it first', async () => {
    const pages = [openPage(), openPage(), openPage()];
    for (const at of [1, 2]) {
      for (const page of pages) page.told(news(at));
      await settle();
    }
    expect(pages.flatMap(({ shown }) => shown)).toEqual(['said at 1', 'said at 2']);
  });

  it('is not told again by a page that hears of it late', async () => {
    const first = openPage();
    first.told(news(1));
    await settle();
    const late = openPage();
    late.told(news(1));
    await settle();
    expect(late.shown).toEqual([]);
  });

  it('is told for each room', async () => {
    const page = openPage();
    page.told(news(1, 'tea'));
    page.told(news(1, 'attic'));
    await settle();
    expect(page.shown).toHaveLength(2);
  });
});

describe('who looks at the page', () => {
  it('is shown nothing, and no more what was shown before', async () => {
    const page = openPage();
    page.told(news(1));
    await settle();
    await page.look(true);
    expect(page.closed).toEqual([undefined]);
    page.told(news(2));
    await settle();
    expect(page.shown).toEqual(['said at 1']);
  });

  it('is shown nothing by the pages that are hidden behind it', async () => {
    const [front, hidden] = [openPage(), openPage()];
    await front.look(true);
    hidden.told(news(1));
    await settle();
    expect(hidden.shown).toEqual([]);
    await front.look(false);
    hidden.told(news(2));
    await settle();
    expect(hidden.shown).toEqual(['said at 2']);
  });

  it('who has read a room elsewhere, sees its notification go', async () => {
    const page = openPage();
    page.told(news(1));
    await settle();
    page.read('tea');
    expect(page.closed).toEqual(['tea']);
  });
});

describe('a page that is closed', () => {
  it('leaves no listener, no claim and no notification', async () => {
    const page = openPage();
    page.told(news(1));
    await settle();
    page.stop();
    await settle();
    expect(page.listeners.size).toBe(0);
    expect(page.closed).toEqual([undefined]);
    const next = openPage();
    next.told(news(1));
    await settle();
    expect(next.shown).toEqual(['said at 1']);
  });
});

describe('a browser without locks', () => {
  it('is told by each page, rather than by none', async () => {
    const claims = createNewsClaims({ owner: 'x', locks: undefined });
    expect(await claims.claim('tea', '1')).toBe(true);
  });
});
