/**
 * The rooms that one user of this browser knows, in its storage, with what opens the private ones: each under
 * a key of its own, so that two pages that open rooms at once do not undo each other's.
 */
import * as v from 'valibot';
import { listenToStorage, type TextStorage } from './browserStorage';
import type { KeptRoom, KnownRoomsStorage } from './chat/knownRooms';
import { roomSchema } from './protocol/fields';
import { mayEnter, roomKeySchema } from './protocol/privateRoom';

const keptSchema = v.object({
  key: v.optional(roomKeySchema),
  openedAt: v.number(),
  enteredAs: v.optional(v.string()),
});

/** `owner` is the server and the user's name on it, as the outbox has it. */
export function createKnownRoomsStorage(storage: TextStorage, owner: string): KnownRoomsStorage {
  const prefix = `known-room ${owner} `;
  // A room has no blank in its name, so this is no other user's whose name begins alike.
  const names = () =>
    storage
      .keys(prefix)
      .map((key) => key.slice(prefix.length))
      .filter((room) => v.is(roomSchema, room));

  function read(room: string): KeptRoom[] {
    try {
      const parsed = v.safeParse(keptSchema, JSON.parse(storage.get(prefix + room) ?? ''));
      if (!parsed.success || !mayEnter(room, parsed.output.key)) return [];
      const { key: roomKey, ...rest } = parsed.output;
      return [{ room, roomKey, ...rest }];
    } catch {
      return [];
    }
  }

  return {
    load: () => names().flatMap(read),
    put({ room, roomKey: key, ...rest }) {
      storage.set(prefix + room, JSON.stringify({ key, ...rest }));
    },
    remove: (room) => storage.remove(prefix + room),
    clear() {
      for (const room of names()) storage.remove(prefix + room);
    },
    listen: (onChange) => listenToStorage(prefix, onChange),
  };
}
