/**
 * Keys of private rooms in the browser's storage: of those that it is to be pushed to for, and no others. A
 * notification carries no key, so who comes by one finds it here.
 */
import type { TextStorage } from '../browserStorage';
import { mayEnter } from '../protocol/privateRoom';

export interface RoomKeys {
  /** The room's key, if it is kept. */
  get(room: string): string | undefined;
  keep(room: string, key: string): void;
  forget(room: string): void;
  forgetAll(): void;
}

export function createRoomKeys(storage: TextStorage): RoomKeys {
  const prefix = 'room-key ';
  return {
    get(room) {
      const key = storage.get(`${prefix}${room}`);
      return key !== undefined && mayEnter(room, key) ? key : undefined;
    },
    keep: (room, key) => storage.set(`${prefix}${room}`, key),
    forget: (room) => storage.remove(`${prefix}${room}`),
    forgetAll() {
      for (const each of storage.keys(prefix)) storage.remove(each);
    },
  };
}
