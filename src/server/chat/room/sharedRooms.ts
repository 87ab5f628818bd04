/**
 * The rooms that somebody here is in or watches, as they are shared with the other servers of the chat. One that is
 * alone shares nothing, and tells at once what it has appended; what gateways do is in `gatewayRooms.ts`.
 */
import type { ServerFrameOf } from '../../../protocol/frames';
import type { User } from '../../../protocol/user';
import type { StreamNews } from '../streams/liveStream';
import type { RoomHead } from './room';
import type { HerePresence } from './roomPresence';

/** A user who is in a room at another gateway. */
export interface UserElsewhere {
  readonly gateway: string;
  readonly user: User;
}

export interface SharedRooms {
  /** Somebody here is to hear of the room, until `close`: counted. */
  open(room: string): void;
  close(room: string): void;
  /**
   * Resolves once all that is appended to the open room from then on is told here. May reject with
   * `LogUnavailableError`.
   */
  ready(room: string): Promise<void>;
  /** This server has appended the message. */
  appended(message: ServerFrameOf<'msg'>): void;
  /** The log has the message already, which may not have been told. */
  repeated(room: string, head: RoomHead): void;
  /** Who is told of those who are here in the room; undefined if nobody is. */
  presenceOf(room: string): HerePresence | undefined;
  /** Who is in the open room at other gateways, as far as that is told yet: what changes is told from then on. */
  elsewhere(room: string): readonly UserElsewhere[];
  typing(room: string, user: User): void;
  read(room: string, user: User, epoch: string, seq: number): void;
  /** More is written here of a message before all eyes. */
  written(room: string, news: StreamNews): void;
  /** Has the other gateways tell all that is written to them in the room. */
  askWritten(room: string): void;
  /**
   * Hears and tells nothing more, and leaves no timer. Who is here is not said to leave: as long as this gateway
   * counts they may come to another unseen.
   */
  clear(): void;
}

/** What is done here with what happens in the rooms. */
export interface SharedRoomsListener {
  /** The next message of a room. */
  tell(message: ServerFrameOf<'msg'>): void;
  setHead(room: string, head: RoomHead): void;
}

/** For a server without others. */
export function createUnsharedRooms({ tell, setHead }: SharedRoomsListener): SharedRooms {
  return {
    open() {},
    close() {},
    ready: async () => {},
    appended(message) {
      const { room, epoch, seq } = message;
      setHead(room, { epoch, seq });
      tell(message);
    },
    repeated: setHead,
    presenceOf: () => undefined,
    elsewhere: () => [],
    typing() {},
    read() {},
    written() {},
    askWritten() {},
    clear() {},
  };
}
