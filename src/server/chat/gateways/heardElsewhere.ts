/** What is done here with what other gateways tell: the rooms, the streams, who watches and who is away hear of it. */
import type { ServerFrameOf } from '../../../protocol/frames';
import type { Rooms } from '../room/rooms';
import type { SharedRoomsListener } from '../room/sharedRooms';
import type { Watches } from '../room/watches';
import type { LiveStreams } from '../streams/liveStreams';
import type { ElsewhereListener } from './gatewayRooms';

/** The parts of a server that hear of others. */
export interface Hearing extends SharedRoomsListener {
  readonly rooms: Rooms;
  readonly streams: LiveStreams;
  readonly watches: Watches;
  /** Tells who is away, if anyone does. */
  readonly push: { heard(message: ServerFrameOf<'msg'>): void } | undefined;
}

/** `here`: asked whenever something is heard, as a gateway is made before them. */
export function hearFor(here: () => Hearing): ElsewhereListener {
  return {
    tell: (message) => here().tell(message),
    setHead: (room, head) => here().setHead(room, head),
    heard: (message) => here().push?.heard(message),
    arrived: (...args) => here().rooms.arrivedElsewhere(...args),
    left: (...args) => here().rooms.leftElsewhere(...args),
    gatewayGone(...args) {
      here().rooms.gatewayGone(...args);
      here().streams.gatewayGone(...args);
    },
    typing: (...args) => here().rooms.tellTyping(...args),
    read(room, user, epoch, seq) {
      here().rooms.tellRead(room, user, epoch, seq);
      here().watches.markMoved(user.id, room);
    },
    written: (...args) => here().streams.heard(...args),
    askedWritten: (room) => here().streams.asked(room),
    closed: (room) => here().streams.closed(room),
  };
}
