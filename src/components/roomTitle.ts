import type { FirstTexts } from '../i18n/en/first';

/** What people call a room: a private one has a name that nobody could read out. */
export function roomTitle(texts: FirstTexts, room: string, isPrivate: boolean): string {
  return isPrivate ? texts.privateRoom(room.slice(2, 6)) : room;
}
