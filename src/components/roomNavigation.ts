/** How the components go from room to room: given once at the top, as they know no address. */
import { createProvided } from '../store/provided';

/** A room, and what opens it if it is private. */
export interface RoomAddress {
  room: string;
  roomKey: string | undefined;
}

export type LinkProblem = 'no link' | 'no key' | 'elsewhere';

export interface RoomNavigation {
  /** Why a room cannot be gone to by its name; undefined if it can. */
  checkRoom(room: string): 'not allowed' | 'no key' | undefined;
  /** Where the link of a room leads. */
  readRoomLink(link: string): RoomAddress | { problem: LinkProblem };
  /** The address at which this user has a room open. */
  hrefOf(room: string, roomKey?: string): string;
  /** Without a key, with the one that this user has of it. */
  onSwitchRoom(room: string, roomKey?: string): void;
  /** Makes a room that only who gets its link can come into, and goes there. */
  onNewPrivateRoom(): void;
  /** Brings others into the open room: where the page is, with the key of a private room, and no name. */
  roomLink: string;
}

export const { Provider: RoomNavigationProvider, useProvided: useRoomNavigation } =
  createProvided<RoomNavigation>('the navigation');
