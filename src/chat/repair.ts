/**
 * Gives back to the log what it acked and has lost: after a failover or a restored backup its tail may
 * be gone. What one has said oneself is then said again, under the same id, so that nothing is doubled
 * if it was there after all.
 */
import type { Outbox } from './outbox';
import type { Draft, OutboxEntry } from './outboxEntry';
import type { Timeline } from './timeline';

export interface RepairOptions {
  room: string;
  outbox: Pick<Outbox, 'entries' | 'takeBack'>;
  timeline(): Timeline;
  /** Whose messages the outbox holds: ids are unique only for one author. */
  authorId(): string;
}

export interface Repair {
  /** The log has acked the message `id`. To be called while the outbox still has it. */
  acked(id: string): void;
  /** The room was read up to sequence `head`. */
  readUpTo(head: number): void;
  /** The user is another one now: what was acked before was another's. */
  forget(): void;
  /** What was read has been replaced: the log is another one, or not what it was. */
  replaced(): void;
  /** The timeline shows the acked message, or what lies before its beginning includes it. */
  isInTimeline(entry: OutboxEntry): boolean;
}

/** How many of one's own messages are remembered beyond their ack. */
const maxRemembered = 1_000;

export function createRepair({ room, outbox, timeline, authorId }: RepairOptions): Repair {
  const remembered = new Map<string, Draft>();

  /** Whether the log has message `id` at place `seq`; undefined while the timeline ends before. */
  function has(id: string, seq: number): boolean | undefined {
    const { messages } = timeline();
    const [first] = messages;
    const last = messages.at(-1);
    if (!first || !last || seq > last.seq) return undefined;
    const there = messages[seq - first.seq];
    return seq < first.seq || (there?.id === id && there.from.id === authorId());
  }

  return {
    acked(id) {
      const entry = outbox.entries().find((each) => each.id === id);
      if (!entry) return;
      const { room: entryRoom, roomKey, body, at } = entry;
      remembered.set(id, { id, room: entryRoom, roomKey, body, at });
      const [oldest] = remembered.keys();
      if (remembered.size > maxRemembered && oldest !== undefined) remembered.delete(oldest);
    },

    readUpTo(head) {
      for (const entry of outbox.entries()) {
        if (entry.seq === undefined || entry.room !== room) continue;
        if (entry.seq > head || has(entry.id, entry.seq) === false) outbox.takeBack(entry);
      }
    },

    replaced() {
      const there = new Set(
        timeline()
          .messages.filter(({ from }) => from.id === authorId())
          .map(({ id }) => id),
      );
      for (const draft of remembered.values()) {
        if (draft.room === room && !there.has(draft.id)) outbox.takeBack(draft);
      }
    },

    forget: () => remembered.clear(),

    isInTimeline: ({ id, seq }) => seq !== undefined && has(id, seq) === true,
  };
}
