/** What each user of this browser wants for each room, in the browser's storage. */
import type { TextStorage } from '../browserStorage';
import type { PushMemories } from '../chat/pushRooms';
import type { PushMemory } from '../chat/pushSwitch';
import { createRoomKeys } from './roomKeys';

/** Of one user: `owner` as with `createPushMemory`. */
export function createPushMemories(storage: TextStorage, owner: string): PushMemories {
  const prefix = `push ${owner} `;
  return {
    of: (room, roomKey) => createPushMemory(storage, owner, room, roomKey),
    ending: () =>
      storage.keys(prefix).flatMap((key) => {
        const room = key.slice(prefix.length);
        return !room.includes(' ') && storage.get(key) === 'ending' ? [room] : [];
      }),
  };
}

/**
 * `owner` is the server and the user's name on it, as the outbox has it. What opens a private room is kept
 * for as long as push is on in it: who comes by a notification has no link.
 */
export function createPushMemory(
  storage: TextStorage,
  owner: string,
  room: string,
  roomKey?: string,
): PushMemory {
  const roomKeys = createRoomKeys(storage);
  const prefix = `push ${owner} `;
  const own = `${prefix}${room}`;
  return {
    get() {
      const wish = storage.get(own);
      return wish === 'on' || wish === 'ending' ? wish : undefined;
    },
    set(wish) {
      storage.set(own, wish);
      if (wish === 'on' && roomKey !== undefined) roomKeys.keep(room, roomKey);
      else roomKeys.forget(room);
    },
    clear() {
      storage.remove(own);
      roomKeys.forget(room);
    },
    clearAll() {
      roomKeys.forgetAll();
      for (const key of storage.keys(prefix)) {
        // A room has no blank in its name, so this is no other user's whose name begins alike.
        if (!key.slice(prefix.length).includes(' ')) storage.remove(key);
      }
    },
    isOnElsewhere: () =>
      storage.keys('push ').some((key) => key !== own && storage.get(key) === 'on'),
  };
}
