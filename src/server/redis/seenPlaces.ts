/**
 * The furthest place of each room that this gateway has seen, for the rooms that it is in and for those that were
 * used last: by it the log is found to have lost its end.
 */
import type { Position } from '../../protocol/message';

export interface SeenPlaces {
  /** `seq` 0 where nothing was seen. */
  of(room: string): Position;
  /** The log has said so itself: it counts whatever epoch was known. */
  learn(room: string, place: Position): void;
  /** Somebody says so: of an epoch that is not the room's, as far as that is known, it counts nothing. */
  hear(room: string, place: Position): void;
  /** The room's place is kept until `release`, however many others are used. */
  hold(room: string): void;
  release(room: string): void;
}

const nothing: Position = { epoch: '', seq: 0, mid: '' };

export function createSeenPlaces(maxRooms: number): SeenPlaces {
  /** The room that was used longest ago comes first. */
  const places = new Map<string, Position>();
  /** Of the rooms that are held; undefined where nothing was seen. */
  const held = new Map<string, Position | undefined>();

  const placeOf = (room: string) => held.get(room) ?? places.get(room);

  function keep(room: string, place: Position) {
    if (held.has(room)) {
      held.set(room, place);
      return;
    }
    places.delete(room);
    places.set(room, place);
    if (places.size <= maxRooms) return;
    for (const oldest of places.keys()) {
      places.delete(oldest);
      return;
    }
  }

  return {
    of: (room) => placeOf(room) ?? nothing,
    learn(room, place) {
      const known = placeOf(room);
      const isBehind = known?.epoch === place.epoch && known.seq > place.seq;
      keep(room, isBehind ? known : place);
    },
    hear(room, place) {
      const known = placeOf(room);
      if (!known) return keep(room, place);
      if (known.epoch === place.epoch && known.seq < place.seq) keep(room, place);
    },

    hold(room) {
      if (held.has(room)) return;
      held.set(room, places.get(room));
      places.delete(room);
    },

    release(room) {
      const place = held.get(room);
      held.delete(room);
      if (place) keep(room, place);
    },
  };
}
