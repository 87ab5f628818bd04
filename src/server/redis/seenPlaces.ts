/**
 * The furthest place of each room that this gateway has seen, for the rooms that were used last: by it the log
 * is found to have lost its end.
 */
import type { Position } from '../../protocol/message';

export interface SeenPlaces {
  /** `seq` 0 where nothing was seen. */
  of(room: string): Position;
  /** The log has said so itself: it counts whatever epoch was known. */
  learn(room: string, place: Position): void;
  /** Somebody says so: of an epoch that is not the room's, as far as that is known, it counts nothing. */
  hear(room: string, place: Position): void;
}

const nothing: Position = { epoch: '', seq: 0, mid: '' };

export function createSeenPlaces(maxRooms: number): SeenPlaces {
  /** The room that was used longest ago comes first. */
  const places = new Map<string, Position>();

  function keep(room: string, place: Position) {
    places.delete(room);
    places.set(room, place);
    if (places.size <= maxRooms) return;
    for (const oldest of places.keys()) {
      places.delete(oldest);
      return;
    }
  }

  return {
    of: (room) => places.get(room) ?? nothing,
    learn(room, place) {
      const known = places.get(room);
      const isBehind = known?.epoch === place.epoch && known.seq > place.seq;
      keep(room, isBehind ? known : place);
    },
    hear(room, place) {
      const known = places.get(room);
      if (!known) return keep(room, place);
      if (known.epoch === place.epoch && known.seq < place.seq) keep(room, place);
    },
  };
}
