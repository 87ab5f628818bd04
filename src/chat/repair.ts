/**
 * Gives back to the log what it acked and has lost: after a failover or a restored backup its tail may
 * be gone. What one has said oneself is then said again, under the same id, so that nothing is doubled
 * if it was there after all. A message that comes back has another place: what was changed about it is
 * in it already, and one that was deleted does not come back.
 */
import { isText } from './annotations';
import type { Outbox } from './outbox';
import type { Draft, OutboxEntry } from './outboxEntry';
import { messageAt, type Timeline } from './timeline';

export interface RepairOptions {
  room: string;
  outbox: Pick<Outbox, 'entries' | 'takeBack'>;
  timeline(): Timeline;
  /** Whose messages the outbox holds: ids are unique only for one author. */
  authorId(): string;
}

export interface Repair {
  /** The log has acked the message `id`, as its `mid`. To be called while the outbox still has it. */
  acked(id: string, mid: string): void;
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

/** A message that was acked, and what the log called it; undefined if another page was told. */
interface Acked {
  readonly draft: Draft;
  readonly mid: string | undefined;
}

export function createRepair({ room, outbox, timeline, authorId }: RepairOptions): Repair {
  const remembered = new Map<string, Acked>();

  /** Whether the log has message `id` at place `seq`; undefined while the timeline ends before. */
  function has(id: string, seq: number): boolean | undefined {
    const { messages } = timeline();
    const [first] = messages;
    const last = messages.at(-1);
    if (!first || !last || seq > last.seq) return undefined;
    const there = messageAt(timeline(), seq);
    return seq < first.seq || (there?.id === id && there.from.id === authorId());
  }

  /** What `about` means is where it was; before the beginning of the timeline that is taken for granted. */
  function isThere({ seq, mid }: NonNullable<Draft['about']>): boolean {
    const [first] = timeline().messages;
    return messageAt(timeline(), seq)?.mid === mid || (first !== undefined && seq < first.seq);
  }

  function giveBack(lost: readonly Acked[]) {
    const changes = lost.map(({ draft }) => draft).filter((draft) => !isText(draft));
    const lostTexts = new Set(lost.filter(({ draft }) => isText(draft)).map(({ mid }) => mid));
    for (const { draft, mid } of lost) {
      if (isText(draft)) {
        const own = changes.filter(({ about }) => mid !== undefined && about?.mid === mid);
        if (own.some(({ about }) => about?.kind === 'delete')) continue;
        const edit = own.findLast(({ about }) => about?.kind === 'edit');
        const about = draft.about && isThere(draft.about) ? draft.about : undefined;
        outbox.takeBack({ ...draft, about, body: edit?.body ?? draft.body });
      } else if (draft.about && !lostTexts.has(draft.about.mid) && isThere(draft.about)) {
        outbox.takeBack(draft);
      }
    }
  }

  return {
    acked(id, mid) {
      const entry = outbox.entries().find((each) => each.id === id);
      if (!entry) return;
      const { room: entryRoom, roomKey, about, body, file, at } = entry;
      remembered.set(id, { draft: { id, room: entryRoom, roomKey, about, body, file, at }, mid });
      const [oldest] = remembered.keys();
      if (remembered.size > maxRemembered && oldest !== undefined) remembered.delete(oldest);
    },

    readUpTo(head) {
      const lost = outbox
        .entries()
        .filter(({ id, seq, room: entryRoom }) => {
          if (seq === undefined || entryRoom !== room) return false;
          return seq > head || has(id, seq) === false;
        })
        .map((entry) => remembered.get(entry.id) ?? { draft: entry, mid: undefined });
      if (lost.length > 0) giveBack(lost);
    },

    replaced() {
      const there = new Set(
        timeline()
          .messages.filter(({ from }) => from.id === authorId())
          .map(({ id }) => id),
      );
      const lost = [...remembered.values()].filter(
        ({ draft }) => draft.room === room && !there.has(draft.id),
      );
      giveBack(lost);
    },

    forget: () => remembered.clear(),

    isInTimeline: ({ id, seq }) => seq !== undefined && has(id, seq) === true,
  };
}
