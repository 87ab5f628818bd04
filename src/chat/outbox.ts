/**
 * One's own messages until the log has them: acknowledged sending. Each is kept in storage before it
 * leaves, goes out again under the same id after every loss of the line, and stays until it is acked
 * or a person deletes it. So nothing is lost in silence, and the server's dedupe keeps it single.
 *
 * The pages of one user share what is kept. Each message is sent by one of them: the one that wrote
 * it, or, when that is gone or has no line, another that has one.
 */
import type { Cancel } from '../connection/ports';
import { createOutboxCharge } from './outboxCharge';
import type {
  Draft,
  OutboxEntry,
  OutboxShare,
  OutboxStorage,
  ShareMessage,
  StoredEntry,
} from './outboxEntry';
import type { SendFailure } from './types';

export interface OutboxOptions {
  storage: OutboxStorage;
  share: OutboxShare;
  /** Ms since 1970. */
  now(): number;
  /** Hands one message to the line; false if there is none just now. */
  transmit(entry: OutboxEntry): boolean;
  /** Something changed that can be seen. */
  onChange(): void;
  /** What is unsent will not survive a reload. */
  onStorageFailed(): void;
  /** The user signed out, on another page. */
  onSignedOut?(): void;
}

export interface Outbox {
  /** All that is not yet known to be in the timeline, oldest first. */
  entries(): readonly OutboxEntry[];
  /** Takes what was kept, and hears the other pages until `close`. Resolves when it has been read. */
  load(): Promise<void>;
  close(): void;
  /** Takes a new message; it leaves once it is kept. False when it is full: nothing was taken. */
  add(draft: Draft): boolean;
  /** Takes back a message that the log had, and has lost. It is never refused. */
  takeBack(draft: Draft): void;
  /** A message that cannot go out at all: it is kept, with the reason, for a person to decide. */
  reject(draft: Draft, failure: SendFailure): void;
  /** There is a line: what waits may leave. */
  lineOpened(): void;
  /** The line is lost: whatever has no ack goes again. */
  lineLost(): void;
  /** Sends what waits, oldest first, as far as the window of unacked messages allows. */
  flush(): void;
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
  /** The user signs out: nothing is kept, here or on their other pages. */
  clear(): Promise<void>;
  /** Lets go of acked messages that are shown elsewhere. Nothing that can be seen changes. */
  discard(isShown: (entry: OutboxEntry) => boolean): void;
}

/** How many messages may wait, and how many bytes their texts may take together, as UTF-16. */
const maxUnsent = 500;
const maxUnsentBytes = 4_000_000;

/** What has waited for longer, in ms, does not leave unasked: who wrote it may have moved on. */
const maxAgeMs = 7 * 24 * 3_600_000;

/** How many messages may be on their way without an ack. */
const windowSize = 32;

export function createOutbox(options: OutboxOptions): Outbox {
  const { storage, share, now, transmit, onChange, onStorageFailed } = options;
  const entries = new Map<string, OutboxEntry>();
  /** Not yet in storage: they may not leave, or a crash could lose what others have seen as sent. */
  const unkept = new Set<string>();
  /** In storage, as far as is known here. */
  const kept = new Set<string>();
  /** Let go of here, though a reading may still find them; and whether storage has let go of them. */
  const forgotten = new Map<string, boolean>();
  let readings = 0;
  /** Another page has stored something since the latest reading began. */
  let hasNews = false;
  let isCatchingUp = false;
  let unlisten: Cancel = () => {};
  const charge = createOutboxCharge({
    share,
    storage,
    read,
    pagesWaiting: () =>
      new Set([...entries.values()].filter(({ state }) => state === 'queued').map(pageOf)),
    onCharge: flush,
    onTaken: requeue,
    onStorageFailed,
  });

  function change(id: string, next: Partial<OutboxEntry>) {
    const entry = entries.get(id);
    if (!entry) return;
    entries.set(id, { ...entry, ...next });
    onChange();
  }

  async function keep({ id, room, body, at, failure }: OutboxEntry) {
    unkept.add(id);
    try {
      await storage.put({ id, room, body, at, failure, page: share.page });
      kept.add(id);
    } catch {
      onStorageFailed();
    }
    unkept.delete(id);
    // Deleted or acked meanwhile: what was just written must not come back with the next page load.
    if (!isUnsent(entries.get(id))) forget(id);
    share.tell({ kind: 'stored' });
    flush();
  }

  function forget(id: string) {
    kept.delete(id);
    forgotten.set(id, false);
    storage
      .remove(id)
      .catch(onStorageFailed)
      .finally(() => {
        if (readings === 0) forgotten.delete(id);
        else forgotten.set(id, true);
      });
  }

  /** Takes over what storage holds, which other pages may have changed. */
  async function read() {
    readings += 1;
    try {
      merge(await storage.load());
    } catch {
      onStorageFailed();
    }
    readings -= 1;
    if (readings > 0) return;
    for (const [id, isRemoved] of forgotten) if (isRemoved) forgotten.delete(id);
  }

  /** However often others say that something was stored, there is one reading at a time. */
  async function readAgain() {
    hasNews = true;
    if (isCatchingUp) return;
    isCatchingUp = true;
    while (hasNews) {
      hasNews = false;
      await read();
    }
    isCatchingUp = false;
    charge.othersChanged();
  }

  function merge(stored: StoredEntry[]) {
    const there = new Set(stored.map(({ id }) => id));
    let hasChanged = false;
    for (const entry of stored) {
      const { id, failure, page } = entry;
      const known = entries.get(id);
      const isSettled = forgotten.has(id) || unkept.has(id) || known?.state === 'sent';
      if (isSettled) continue;
      kept.add(id);
      const hasFailed = known?.state === 'failed';
      const isOwn = page === share.page;
      if (known?.page === page && (isOwn || hasFailed === (failure !== undefined))) continue;
      // Whoever had it before may have sent it.
      const state = failure ? 'failed' : 'queued';
      entries.set(id, { ...entry, state, hasLeft: true, seq: undefined });
      hasChanged = true;
    }
    for (const { id, state } of [...entries.values()]) {
      // Deleted, or sent, by another page.
      const isGone = kept.has(id) && !there.has(id) && !unkept.has(id);
      if (!isGone || state === 'sent' || state === 'sending') continue;
      entries.delete(id);
      kept.delete(id);
      hasChanged = true;
    }
    if (!hasChanged) return;
    sortById();
    onChange();
  }

  /** What other pages wrote falls in between. */
  function sortById() {
    const sorted = [...entries].sort(([one], [other]) => (one < other ? -1 : 1));
    entries.clear();
    for (const [id, entry] of sorted) entries.set(id, entry);
  }

  function hear(message: ShareMessage) {
    switch (message.kind) {
      case 'stored':
        void readAgain();
        return;
      case 'removed':
        if (entries.get(message.id)?.state === 'sending') return;
        kept.delete(message.id);
        if (entries.delete(message.id)) onChange();
        charge.othersChanged();
        return;
      case 'acked':
        kept.delete(message.id);
        change(message.id, { state: 'sent', seq: message.seq, failure: undefined });
        charge.othersChanged();
        return;
      case 'signed out':
        letGo();
        options.onSignedOut?.();
    }
  }

  function letGo() {
    entries.clear();
    kept.clear();
    onChange();
  }

  function insert(draft: Draft, fields: Partial<OutboxEntry>): OutboxEntry {
    const { id, room, body, at } = draft;
    const entry: OutboxEntry = {
      id,
      room,
      body,
      at,
      state: 'queued',
      hasLeft: false,
      failure: undefined,
      seq: undefined,
      page: share.page,
      ...fields,
    };
    entries.set(id, entry);
    return entry;
  }

  function take(draft: Draft, fields: Partial<OutboxEntry> = {}) {
    void keep(insert(draft, fields));
    onChange();
  }

  function isFull({ body }: Draft): boolean {
    const unsent = [...entries.values()].filter(isUnsent);
    const bytes = unsent.reduce((sum, entry) => sum + 2 * entry.body.length, 2 * body.length);
    return unsent.length >= maxUnsent || bytes > maxUnsentBytes;
  }

  function flush() {
    if (!charge.isHeld()) return;
    let free = windowSize - [...entries.values()].filter(({ state }) => state === 'sending').length;
    let sent = false;
    for (const entry of [...entries.values()]) {
      if (entry.state !== 'queued' || entry.page !== share.page) continue;
      if (now() - entry.at > maxAgeMs) {
        refuse(entry.id, expired);
        continue;
      }
      // What was written later waits too, so that a room keeps the order of writing.
      if (free === 0 || unkept.has(entry.id) || !transmit(entry)) break;
      entries.set(entry.id, { ...entry, state: 'sending', hasLeft: true });
      free -= 1;
      sent = true;
    }
    if (sent) onChange();
  }

  function refuse(id: string, failure: SendFailure) {
    change(id, { state: 'failed', failure });
    const entry = entries.get(id);
    if (entry) void keep(entry);
  }

  /** Whatever has no ack goes again. */
  function requeue() {
    const unacked = [...entries.values()].filter(({ state }) => state === 'sending');
    for (const entry of unacked) entries.set(entry.id, { ...entry, state: 'queued' });
    if (unacked.length > 0) onChange();
  }

  return {
    entries: () => [...entries.values()],

    async load() {
      unlisten();
      unlisten = share.listen(hear);
      await read();
      charge.othersChanged();
      flush();
    },

    close() {
      charge.lineLost();
      unlisten();
    },

    add(draft) {
      if (isFull(draft)) return false;
      take(draft);
      return true;
    },

    // It had been acked, so it has left before.
    takeBack: (draft) => take(draft, { hasLeft: true }),
    reject: (draft, failure) => take(draft, { state: 'failed', failure }),
    flush,
    lineOpened: charge.lineOpened,
    lineLost() {
      charge.lineLost();
      requeue();
    },

    acked(id, seq) {
      forget(id);
      share.tell({ kind: 'acked', id, seq });
      change(id, { state: 'sent', seq, failure: undefined });
      flush();
    },

    postponed: (id) => change(id, { state: 'queued' }),

    refused(id, failure) {
      refuse(id, failure);
      flush();
    },

    retry(id) {
      if (entries.get(id)?.state !== 'failed') return;
      change(id, { state: 'queued', failure: undefined, page: share.page, at: now() });
      const entry = entries.get(id);
      if (entry) void keep(entry);
    },

    remove(id) {
      if (!entries.delete(id)) return;
      forget(id);
      share.tell({ kind: 'removed', id });
      onChange();
    },

    async clear() {
      letGo();
      share.tell({ kind: 'signed out' });
      await storage.clear().catch(onStorageFailed);
    },

    discard(isShown) {
      for (const entry of [...entries.values()]) {
        if (entry.state === 'sent' && isShown(entry)) entries.delete(entry.id);
      }
    },
  };
}

const expired: SendFailure = { code: 'expired', message: 'it has waited for more than 7 days' };

function isUnsent(entry: OutboxEntry | undefined): boolean {
  return entry !== undefined && entry.state !== 'sent';
}

function pageOf({ page }: OutboxEntry): string {
  return page;
}
