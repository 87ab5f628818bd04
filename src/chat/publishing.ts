/**
 * Tells the listener what changed in the outbox and in the open room, however much comes at once only once;
 * and lets the outbox go of what the rooms' timelines show.
 */
import type { LoggedMessage } from '../protocol/message';
import type { Changes } from './changes';
import type { OpenRooms } from './openRooms';
import type { Outbox } from './outbox';
import type { OutboxEntry } from './outboxEntry';
import { countsOf, mayDiffer } from './outboxRules';
import type { RoomReader } from './roomReader';
import { messageAt } from './timeline';
import type { ChatListener, OutboxCounts } from './types';

export interface PublishingOptions {
  /** The name of this page, as the outbox has it. */
  page: string;
  outbox: Outbox;
  /** What is not sent yet, in every room: what is in the outbox, and files on their way. */
  unsent(): readonly OutboxEntry[];
  rooms: OpenRooms;
  changes: Changes;
  listener(): ChatListener | undefined;
}

export interface Publishing {
  /** Another listener hears it from now on. */
  begin(): void;
  publish(): void;
  /** A room's timeline has changed. */
  roomChanged(room: string): void;
  /** Tells what `work` has changed when it is done. */
  afterAll(work: () => void): void;
}

export function createPublishing(options: PublishingOptions): Publishing {
  const { page, outbox, rooms, changes, listener } = options;
  /** Something is under way, at whose end it is told. */
  let isHeldBack = false;
  let isDue = false;
  /** What was last told of the outbox. */
  let told: OutboxCounts | undefined;

  function isDone(entry: OutboxEntry): boolean {
    const room = rooms.get(entry.room);
    // Where nobody reads, a message is done with its ack.
    if (!room) return true;
    if (!room.repair.isInTimeline(entry)) return false;
    const logged = entry.seq && messageAt(room.reader.timeline(), entry.seq);
    // Another page may have sent it, and heard the ack.
    if (logged) room.repair.acked(entry.id, logged.mid);
    return true;
  }

  function letGoOfShown() {
    const rewritten: OutboxEntry[] = [];
    outbox.discard((entry) => {
      if (!isDone(entry)) return false;
      if (mayDiffer(entry, page)) rewritten.push(entry);
      return true;
    });
    for (const entry of rewritten) putRight(entry, rooms.get(entry.room)?.reader);
  }

  function putRight(entry: OutboxEntry, reader: RoomReader | undefined) {
    const { seq } = entry;
    const settle = (logged?: LoggedMessage) => {
      changes.correct(entry, logged);
      // Behind what puts it right, so that no page can go with neither in storage.
      outbox.settled(entry);
    };
    if (!reader || seq === undefined) return settle();
    const logged = messageAt(reader.timeline(), seq);
    if (logged) settle(logged);
    // It lies before what is loaded. Without an answer it stays in storage, and goes again from there.
    else reader.readOne(seq).then(settle, () => {});
  }

  function tellCounts(counts: OutboxCounts) {
    if (counts.waiting === told?.waiting && counts.failed === told.failed) return;
    told = counts;
    listener()?.outbox(counts);
  }

  function publish() {
    if (isHeldBack) {
      isDue = true;
      return;
    }
    letGoOfShown();
    const entries = options.unsent();
    rooms.leaveIdle(entries);
    tellCounts(countsOf(entries));
    rooms.current().publish();
  }

  return {
    begin() {
      told = undefined;
    },
    publish,
    roomChanged(room) {
      if (room === rooms.current().room) publish();
      else letGoOfShown();
    },
    afterAll(work) {
      isHeldBack = true;
      try {
        work();
      } finally {
        isHeldBack = false;
      }
      if (!isDue) return;
      isDue = false;
      publish();
    },
  };
}
