/** What a session tells who looks under the bonnet: where it stands, and what it has put right so far. */
import type { OutboxEntry } from './outboxEntry';
import { positionOf, type Timeline } from './timeline';
import type { Inspection } from './types';

/** What was put right since the page was opened. The readers of all rooms add to one. */
export interface Repairs {
  gapsFound: number;
  gapsFilled: number;
  duplicatesDropped: number;
}

export function createRepairs(): Repairs {
  return { gapsFound: 0, gapsFilled: 0, duplicatesDropped: 0 };
}

/** Everything as it is at this moment: nothing of it changes afterwards. */
export function inspectionOf(
  rooms: readonly { readonly room: string; readonly reader: { timeline(): Timeline } }[],
  outbox: readonly OutboxEntry[],
  repairs: Repairs,
): Inspection {
  return {
    ...repairs,
    rooms: rooms.map(({ room, reader }) => {
      const timeline = reader.timeline();
      const { epoch, seq = 0 } = positionOf(timeline) ?? {};
      return { room, epoch, seq, held: timeline.held.size };
    }),
    outbox: outbox
      .filter(({ state }) => state !== 'sent')
      .map(({ id, room, body, state, hasLeft }) => ({ id, room, body, state, hasLeft })),
  };
}
