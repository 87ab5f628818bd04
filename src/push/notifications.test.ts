import { describe, expect, it } from 'vitest';
import { createFakeCaches } from '../testing/fakeCaches';
import {
  openClicked,
  type PageWindow,
  type PushScope,
  showHandedOver,
  showPush,
} from './notifications';
import { keepPageQuery } from './pageQuery';

const scopeUrl = 'https://host.example/chat/';
const payload = { room: 'tea', seq: 7, from: 'Bob', text: 'hello' };
const push = (fields = {}) => JSON.stringify({ ...payload, ...fields });

interface WorldOptions {
  windows?: { url: string; focused?: boolean; isHidden?: boolean }[];
  shown?: { room: string; seq: number };
  languages?: string[];
  /** The person has not allowed the page to show any. */
  isForbidden?: boolean;
}

/** A worker of the page at `/chat/`, with the windows that a test opens. */
function createWorld({
  windows = [],
  shown,
  languages = ['en'],
  isForbidden = false,
}: WorldOptions = {}) {
  const caches = createFakeCaches();
  const notifications: { title: string; options: Record<string, unknown> }[] = [];
  const focused: string[] = [];
  const opened: string[] = [];
  const scope: PushScope = {
    caches,
    navigator: { languages },
    registration: {
      scope: scopeUrl,
      async showNotification(title, options) {
        if (isForbidden) throw new TypeError('No notification permission');
        notifications.push({ title, options: { ...options } });
      },
      getNotifications: async ({ tag }) =>
        shown && tag.endsWith(` ${shown.room}`) ? [{ data: shown }] : [],
    },
    clients: {
      matchAll: async () =>
        windows.map(
          ({ url, focused: isFocused = false, isHidden = false }): PageWindow => ({
            url,
            focused: isFocused,
            visibilityState: isHidden ? 'hidden' : 'visible',
            focus: async () => focused.push(url),
            postMessage: () => {},
          }),
        ),
      openWindow: async (url) => opened.push(url),
    },
  };
  return { scope, caches, notifications, focused, opened };
}

describe('a push', () => {
  it('of a private room says that it is one, in the browser’s language', async () => {
    const room = 'p-lutbdvne3uvubmtx37nv5t23jg';
    for (const [languages, title] of [
      [['en'], 'Bob · Private room'],
      [['zh-CN'], 'Bob · 私密房间'],
    ] as const) {
      const { scope, notifications } = createWorld({ languages: [...languages] });
      await showPush(push({ room }), scope);
      expect(notifications.map((each) => each.title)).toEqual([title]);
    }
  });

  it('of a program says that it is one, in the browser’s language', async () => {
    for (const [languages, title] of [
      [['en'], 'Echo (program) · tea'],
      [['zh-CN'], 'Echo（程序） · tea'],
    ] as const) {
      const { scope, notifications } = createWorld({ languages: [...languages] });
      await showPush(push({ from: 'Echo', program: true }), scope);
      expect(notifications.map((each) => each.title)).toEqual([title]);
    }
  });

  it('is shown by who wrote it, where, and what', async () => {
    const { scope, notifications } = createWorld();
    await showPush(push(), scope);
    expect(notifications).toEqual([
      {
        title: 'Bob · tea',
        options: {
          body: 'hello',
          tag: 'heartline tea',
          renotify: true,
          dir: 'auto',
          icon: `${scopeUrl}icon-192.png`,
          badge: `${scopeUrl}badge-96.png`,
          data: { room: 'tea', seq: 7 },
        },
      },
    ]);
  });

  it.each([
    ['the room in front', [{ url: `${scopeUrl}?room=tea`, focused: true }], 0],
    ['the room, but not in front', [{ url: `${scopeUrl}?room=tea` }], 1],
    ['the room, but hidden', [{ url: `${scopeUrl}?room=tea`, focused: true, isHidden: true }], 1],
    ['another room', [{ url: `${scopeUrl}?room=coffee`, focused: true }], 1],
    ['another page', [{ url: 'https://host.example/?room=tea', focused: true }], 1],
  ])('with a window of %s is shown or not', async (_, windows, count) => {
    const { scope, notifications } = createWorld({ windows });
    await showPush(push(), scope);
    expect(notifications).toHaveLength(count);
  });

  it('knows that the page without a room is in the lobby', async () => {
    const { scope, notifications } = createWorld({ windows: [{ url: scopeUrl, focused: true }] });
    await showPush(push({ room: 'lobby' }), scope);
    expect(notifications).toEqual([]);
  });

  it('that comes late does not take the place of a later one', async () => {
    const { scope, notifications } = createWorld({ shown: { room: 'tea', seq: 8 } });
    await showPush(push(), scope);
    expect(notifications).toEqual([]);
    await showPush(push({ seq: 9 }), scope);
    expect(notifications).toHaveLength(1);
  });

  it.each([
    ['empty', undefined],
    ['no JSON', 'hello'],
    ['something else', '{"title":"x"}'],
    ['of a room that cannot be', push({ room: '../../evil' })],
  ])('that is %s is shown as something new, in the place of one before it', async (_, text) => {
    const { scope, notifications } = createWorld({ languages: ['zh-CN', 'en'] });
    await showPush(text, scope);
    expect(notifications).toMatchObject([
      { title: 'Heartline', options: { body: '有新消息。', lang: 'zh-CN', tag: 'heartline' } },
    ]);
  });
});

describe('a push that the page hands over itself', () => {
  it('is shown like any other, and while its room is in front, too', async () => {
    const { scope, notifications } = createWorld({
      windows: [{ url: `${scopeUrl}?room=tea`, focused: true }],
    });
    expect(await showHandedOver(push(), scope)).toBe('shown');
    expect(notifications).toMatchObject([
      { title: 'Bob · tea', options: { body: 'hello', data: { room: 'tea', seq: 7 } } },
    ]);
  });

  it('is received where the page may show none, and that is told', async () => {
    const { scope, notifications } = createWorld({ isForbidden: true });
    expect(await showHandedOver(push(), scope)).toBe('not allowed');
    expect(notifications).toEqual([]);
  });
});

describe('a click', () => {
  it('goes to the window that shows the room', async () => {
    const windows = [{ url: `${scopeUrl}?room=coffee` }, { url: `${scopeUrl}?name=Ann&room=tea` }];
    const { scope, focused, opened } = createWorld({ windows });
    await openClicked({ room: 'tea', seq: 7 }, scope);
    expect(focused).toEqual([`${scopeUrl}?name=Ann&room=tea`]);
    expect(opened).toEqual([]);
  });

  it('opens the room as the page was when it turned this on', async () => {
    const { scope, caches, opened } = createWorld({
      windows: [{ url: `${scopeUrl}?room=coffee` }],
    });
    const query = 'server=wss%3A%2F%2Fchat.example%2Fws&name=Ann';
    await keepPageQuery(query, scopeUrl, caches);
    await keepPageQuery('name=Eve', `${scopeUrl}elsewhere/`, caches);
    await openClicked({ room: 'tea', seq: 7 }, scope);
    expect(opened).toEqual([`${scopeUrl}?server=wss%3A%2F%2Fchat.example%2Fws&name=Ann&room=tea`]);
  });

  it('on something new goes to any window of the page', async () => {
    const { scope, focused } = createWorld({ windows: [{ url: `${scopeUrl}?room=coffee` }] });
    await openClicked(undefined, scope);
    expect(focused).toEqual([`${scopeUrl}?room=coffee`]);
  });
});
