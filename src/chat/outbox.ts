/**
 * One's own messages until the log has them: acknowledged sending. Each is kept in storage before it
 * leaves, goes out again under the same id after every loss of the line, and stays until it is acked
 * or a person deletes it. So nothing is lost in silence, and the server's dedupe keeps it single.
 */
import type { DeliveryState, SendFailure } from './types';

export interface OutboxEntry {
  /** Made here; in the order of writing when sorted as text (UUIDv7, ULID). */
  readonly id: string;
  readonly room: string;
  readonly body: string;
  /** Ms since 1970 by this machine's clock. */
  readonly at: number;
  readonly state: DeliveryState;
  readonly failure: SendFailure | undefined;
  /** The place in the room, once acked. */
  readonly seq: number | undefined;
}

/** A message as it was written. */
export type Draft = Pick<OutboxEntry, 'id' | 'room' | 'body' | 'at'>;

/** What is kept over a reload. A message never rests as `sending`: it is asked for again. */
export type StoredEntry = Draft & Pick<OutboxEntry, 'failure'>;

export interface OutboxStorage {
  load(): Promise<StoredEntry[]>;
  put(entry: StoredEntry): Promise<void>;
  remove(id: string): Promise<void>;
}

export interface OutboxOptions {
  storage: OutboxStorage;
  /** Hands one message to the line; false if there is none just now. */
  transmit(entry: OutboxEntry): boolean;
  /** Something changed that can be seen. */
  onChange(): void;
  /** What is unsent will not survive a reload. */
  onStorageFailed(): void;
}

export interface Outbox {
  /** All that is not yet known to be in the timeline, oldest first. */
  entries(): readonly OutboxEntry[];
  /** Takes what was kept. Resolves when it is here, or could not be read. */
  load(): Promise<void>;
  /** Takes a new message; it leaves once it is kept. False when it is full: nothing was taken. */
  add(draft: Draft): boolean;
  /** Takes back a message that the log had, and has lost. It is never refused. */
  takeBack(draft: Draft): void;
  /** A message that cannot go out at all: it is kept, with the reason, for a person to decide. */
  reject(draft: Draft, failure: SendFailure): void;
  /** Sends what waits, oldest first, as far as the window of unacked messages allows. */
  flush(): void;
  /** The line is lost: whatever has no ack goes again. */
  lineLost(): void;
  /** It is durable, at place `seq` of its room where the server gives places. */
  acked(id: string, seq?: number): void;
  /** It was not taken just now, and may be later. */
  postponed(id: string): void;
  /** It was refused for good. */
  refused(id: string, failure: SendFailure): void;
  /** A person wants a failed message to go again. */
  retry(id: string): void;
  /** A person gives up a message that was not sent. */
  remove(id: string): void;
  /** Lets go of acked messages that are shown elsewhere. Nothing that can be seen changes. */
  discard(isShown: (entry: OutboxEntry) => boolean): void;
}

/** How many messages may wait, and how long their texts may be together, in UTF-16 units. */
const maxUnsent = 500;
const maxUnsentLength = 2_000_000;

/** How many messages may be on their way without an ack. */
const windowSize = 32;

export function createOutbox({
  storage,
  transmit,
  onChange,
  onStorageFailed,
}: OutboxOptions): Outbox {
  const entries = new Map<string, OutboxEntry>();
  /** Not yet in storage: they may not leave, or a crash could lose what others have seen as sent. */
  const unkept = new Set<string>();

  function change(id: string, next: Partial<OutboxEntry>) {
    const entry = entries.get(id);
    if (!entry) return;
    entries.set(id, { ...entry, ...next });
    onChange();
  }

  async function keep(entry: OutboxEntry) {
    const { id, room, body, at, failure } = entry;
    unkept.add(id);
    try {
      await storage.put({ id, room, body, at, failure });
    } catch {
      onStorageFailed();
    }
    unkept.delete(id);
    // Deleted or acked meanwhile: what was just written must not come back with the next page load.
    if (!isUnsent(entries.get(id))) forget(id);
    flush();
  }

  function forget(id: string) {
    storage.remove(id).catch(onStorageFailed);
  }

  function insert({ id, room, body, at }: Draft, state: DeliveryState, failure?: SendFailure) {
    const entry = { id, room, body, at, state, failure, seq: undefined };
    entries.set(id, entry);
    return entry;
  }

  function take(draft: Draft) {
    void keep(insert(draft, 'queued'));
    onChange();
  }

  function isFull({ body }: Draft): boolean {
    const unsent = [...entries.values()].filter(isUnsent);
    const length = unsent.reduce((sum, entry) => sum + entry.body.length, body.length);
    return unsent.length >= maxUnsent || length > maxUnsentLength;
  }

  function flush() {
    let free = windowSize - [...entries.values()].filter(({ state }) => state === 'sending').length;
    let sent = false;
    for (const entry of entries.values()) {
      if (entry.state !== 'queued') continue;
      // What was written later waits too, so that a room keeps the order of writing.
      if (free === 0 || unkept.has(entry.id) || !transmit(entry)) break;
      entries.set(entry.id, { ...entry, state: 'sending' });
      free -= 1;
      sent = true;
    }
    if (sent) onChange();
  }

  return {
    entries: () => [...entries.values()],

    async load() {
      let stored: StoredEntry[] = [];
      try {
        stored = await storage.load();
      } catch {
        onStorageFailed();
      }
      const writtenMeanwhile = [...entries.values()];
      entries.clear();
      for (const entry of stored) insert(entry, entry.failure ? 'failed' : 'queued', entry.failure);
      for (const entry of writtenMeanwhile) entries.set(entry.id, entry);
      if (stored.length > 0) onChange();
      flush();
    },

    add(draft) {
      if (isFull(draft)) return false;
      take(draft);
      return true;
    },

    takeBack: take,

    reject(draft, failure) {
      void keep(insert(draft, 'failed', failure));
      onChange();
    },

    flush,

    lineLost() {
      const unacked = [...entries.values()].filter(({ state }) => state === 'sending');
      for (const entry of unacked) entries.set(entry.id, { ...entry, state: 'queued' });
      if (unacked.length > 0) onChange();
    },

    acked(id, seq) {
      forget(id);
      change(id, { state: 'sent', seq, failure: undefined });
      flush();
    },

    postponed: (id) => change(id, { state: 'queued' }),

    refused(id, failure) {
      change(id, { state: 'failed', failure });
      const entry = entries.get(id);
      if (entry) void keep(entry);
      flush();
    },

    retry(id) {
      if (entries.get(id)?.state !== 'failed') return;
      change(id, { state: 'queued', failure: undefined });
      const entry = entries.get(id);
      if (entry) void keep(entry);
    },

    remove(id) {
      if (!entries.delete(id)) return;
      forget(id);
      onChange();
    },

    discard(isShown) {
      for (const entry of [...entries.values()]) {
        if (entry.state === 'sent' && isShown(entry)) entries.delete(entry.id);
      }
    },
  };
}

function isUnsent(entry: OutboxEntry | undefined): boolean {
  return entry !== undefined && entry.state !== 'sent';
}
