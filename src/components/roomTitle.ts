import type { Texts } from '../i18n/en';

/** What people call a room: a private one has a name that nobody could read out. */
export function roomTitle(texts: Texts, room: string, isPrivate: boolean): string {
  return isPrivate ? texts.privateRoom(room.slice(2, 6)) : room;
}
