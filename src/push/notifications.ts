/**
 * What a service worker does with a push: shows it, and opens the room when it is clicked. It knows no
 * globals, so that any worker can take it on, and a test as well.
 */
import * as v from 'valibot';
import { pickLanguage } from '../i18n/language';
import { notificationTexts } from '../i18n/notificationTexts';
import { roomSchema } from '../protocol/fields';
import { isPrivateRoom } from '../protocol/privateRoom';
import { defaultRoom } from '../settings';
import { readPageQuery } from './pageQuery';
import type { PushOutcome } from './pushMessages';

/** One open window of the page. */
export interface PageWindow {
  readonly url: string;
  readonly focused: boolean;
  readonly visibilityState: DocumentVisibilityState;
  focus(): Promise<unknown>;
  postMessage(message: unknown): void;
}

/** The part of a worker's global scope that is used here. */
export interface PushScope {
  readonly navigator: { readonly languages: readonly string[] };
  readonly registration: {
    readonly scope: string;
    showNotification(title: string, options: ShownOptions): Promise<void>;
    getNotifications(filter: { tag: string }): Promise<readonly Shown[]>;
  };
  readonly clients: {
    matchAll(options: {
      type: 'window';
      includeUncontrolled: boolean;
    }): Promise<readonly PageWindow[]>;
    openWindow(url: string): Promise<unknown>;
  };
  readonly caches: Pick<CacheStorage, 'open'>;
}

/** A notification that is shown already. */
interface Shown {
  readonly data: unknown;
}

/** `renotify` rings again for a notification that takes another's place; DOM's types lack it. */
export interface ShownOptions extends NotificationOptions {
  renotify?: boolean;
}

const payloadSchema = v.object({
  room: roomSchema,
  seq: v.number(),
  from: v.string(),
  program: v.optional(v.boolean()),
  text: v.string(),
});
const shownSchema = v.object({ room: roomSchema, seq: v.number() });

/** Notifications of one room take each other's place, and so do those of something new. */
const somethingNewTag = 'heartline';
export const tagOf = (room: string) => `heartline ${room}`;

/**
 * Shows a push, unless the room is in front of the user's eyes. One that cannot be read is shown as
 * something new: browsers ask that every push be seen.
 */
export async function showPush(
  text: string | undefined,
  scope: PushScope,
  { isShownInFront = false }: { isShownInFront?: boolean } = {},
): Promise<void> {
  const { registration } = scope;
  const looks = {
    icon: new URL('icon-192.png', registration.scope).href,
    badge: new URL('badge-96.png', registration.scope).href,
    dir: 'auto' as const,
  };
  const payload = readPayload(text);
  const language = pickLanguage({
    query: null,
    stored: undefined,
    navigator: scope.navigator.languages,
  });
  if (!payload) {
    const body = notificationTexts[language].somethingNew;
    return registration.showNotification('Heartline', {
      ...looks,
      body,
      lang: language,
      tag: somethingNewTag,
      renotify: true,
    });
  }
  const { room, seq, from, program, text: body } = payload;
  const who = program ? notificationTexts[language].asProgram(from) : from;
  const windows = await windowsOf(room, scope);
  const isInFront = windows.some((each) => each.focused && each.visibilityState === 'visible');
  if (isInFront && !isShownInFront) return;
  const shown = await registration.getNotifications({ tag: tagOf(room) });
  // One that was delayed on its way does not take the place of a later one.
  if (shown.some(({ data }) => v.is(shownSchema, data) && data.seq > seq)) return;
  // The name of a private room says nothing to people.
  const where = isPrivateRoom(room) ? notificationTexts[language].privateRoom : room;
  return registration.showNotification(`${who} · ${where}`, {
    ...looks,
    body,
    tag: tagOf(room),
    renotify: true,
    data: { room, seq },
  });
}

/**
 * Shows a push that the page itself has handed over: whoever looks at its room wants to see just that. With
 * no permission none can be shown, and that is no fault.
 */
export async function showHandedOver(text: string, scope: PushScope): Promise<PushOutcome> {
  try {
    await showPush(text, scope, { isShownInFront: true });
    return 'shown';
  } catch {
    return 'not allowed';
  }
}

/** Goes to the room of a notification: to a window that shows it, else to a new one. */
export async function openClicked(data: unknown, scope: PushScope): Promise<void> {
  const room = v.is(shownSchema, data) ? data.room : undefined;
  const [open] = await windowsOf(room, scope);
  if (open) await open.focus();
  else await scope.clients.openWindow(await pageUrl(room, scope));
}

function readPayload(text: string | undefined) {
  try {
    const parsed = v.safeParse(payloadSchema, JSON.parse(text ?? ''));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

/** The windows of this page that show the room, or any without one. */
async function windowsOf(room: string | undefined, scope: PushScope): Promise<PageWindow[]> {
  const all = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true });
  return all.filter(({ url }) => {
    if (!url.startsWith(scope.registration.scope)) return false;
    const shown = new URL(url).searchParams.get('room')?.toLowerCase() || defaultRoom;
    return room === undefined || shown === room;
  });
}

/** The page's address as it was when somebody wanted to be pushed to, with another room. */
async function pageUrl(
  room: string | undefined,
  { registration, caches }: PushScope,
): Promise<string> {
  const url = new URL(registration.scope);
  url.search = await readPageQuery(registration.scope, caches);
  if (room !== undefined) url.searchParams.set('room', room);
  return url.href;
}
