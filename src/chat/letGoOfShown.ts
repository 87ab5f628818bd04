/** An acked message is done with once the room shows it. */
import type { LoggedMessage } from '../protocol/frames';
import type { Changes } from './changes';
import type { OpenRooms } from './openRooms';
import type { Outbox } from './outbox';
import type { OutboxEntry } from './outboxEntry';
import { messageAt } from './timeline';

export interface LetGoOptions {
  outbox: Pick<Outbox, 'discard'>;
  rooms: Pick<OpenRooms, 'get'>;
  changes: Pick<Changes, 'correct'>;
  /** The name of this page. */
  page: string;
}

/** Has the outbox let go of what its room shows. Nothing that can be seen changes by that. */
export function letGoOfShown({ outbox, rooms, changes, page }: LetGoOptions): void {
  const rewritten: [OutboxEntry, LoggedMessage | undefined][] = [];
  outbox.discard((entry) => {
    const room = rooms.get(entry.room);
    // Where nobody reads, a message is done with its ack.
    if (!room) return true;
    if (!room.repair.isInTimeline(entry)) return false;
    const logged = messageAt(room.reader.timeline(), entry.seq ?? 0);
    // Another page may have sent it, and heard the ack.
    room.repair.acked(entry.id, logged?.mid);
    if (entry.isRewritten && entry.page === page) rewritten.push([entry, logged]);
    return true;
  });
  for (const [entry, logged] of rewritten) changes.correct(entry, logged);
}
