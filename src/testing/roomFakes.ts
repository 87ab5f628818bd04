/** Rooms for component tests, and a way between them that only notes where it is asked to go. */
import { vi } from 'vitest';
import type { RoomNavigation } from '../components/roomNavigation';
import { checkRoom, readRoomLink } from '../settings';
import type { KnownRoom } from '../store/chatStore';

/** Where the page of these tests is. */
const pageUrl = 'https://chat.example/?room=lobby';

export function navigationOf(fields: Partial<RoomNavigation> = {}) {
  return {
    checkRoom,
    readRoomLink: (link: string) => readRoomLink(link, pageUrl),
    hrefOf: (room: string) => `?room=${room}`,
    onSwitchRoom: vi.fn<RoomNavigation['onSwitchRoom']>(),
    onNewPrivateRoom: vi.fn<RoomNavigation['onNewPrivateRoom']>(),
    roomLink: pageUrl,
    ...fields,
  };
}

/** A room that is open to everyone, in which nothing was said, unless said otherwise. */
export function known(room: string, fields: Partial<KnownRoom> = {}): KnownRoom {
  return { room, isPrivate: false, roomKey: undefined, unread: 0, last: undefined, ...fields };
}
