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
import { createOutboxEntries } from './outboxEntries';
import type {
  Draft,
  OutboxEntry,
  OutboxShare,
  OutboxStorage,
  ShareMessage,
  UploadWord,
} from './outboxEntry';
import { isNoLoss, mayDiffer, otherUser, reasonToAsk, retried } from './outboxRules';
import type { DeliveryState, SendFailure } from './types';

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
  /** Another page has said something of its files. */
  onUploadWord?(word: UploadWord): void;
}

export interface Outbox {
  /** All that is not yet known to be in the timeline, oldest first. */
  entries(): readonly OutboxEntry[];
  /** Takes what was kept, and hears the other pages until `close`. Resolves when it has been read. */
  load(): Promise<void>;
  /** Reads what is kept once more, as other pages may have changed it. Never rejects. */
  read(): Promise<void>;
  close(): void;
  /**
   * Takes a new message; it leaves once it is kept. False when it is full: nothing was taken. `isRewritten`: the
   * log may have its beginning under its id, as it was written before everybody's eyes.
   */
  add(draft: Draft & Pick<OutboxEntry, 'isRewritten'>): boolean;
  /**
   * Takes a message whose file is at the server; it is never refused. Resolves when it is kept, with false where
   * it cannot be.
   */
  takeFile(draft: Draft): Promise<boolean>;
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
  /** It is known what the log has in place of a rewritten one that was acked, and that is put right. */
  settled(entry: Pick<OutboxEntry, 'id' | 'seq'>): void;
  /** It was not taken just now, and may be later. */
  postponed(id: string): void;
  /** It was refused for good. */
  refused(id: string, failure: SendFailure): void;
  /** A person wants a failed message to go again. */
  retry(id: string): void;
  /** A person gives up a message that was not sent. */
  remove(id: string): void;
  /** The same for all that failed, in every room. */
  retryAll(): void;
  removeAll(): void;
  /**
   * Gives what waits or failed another text, at its place; what failed goes again. False where that
   * cannot be: it is on its way, another page sends it, or it is too much.
   */
  rewrite(id: string, body: string): boolean;
  /**
   * The user is another one now. What may have left already cannot go again by itself: under another
   * user's name the server would not know it for the same.
   */
  disown(): void;
  /** The user signs out: nothing is kept, here or on their other pages. */
  clear(): Promise<void>;
  /** Lets go of acked messages that are shown elsewhere. Nothing that can be seen changes. */
  discard(isShown: (entry: OutboxEntry) => boolean): void;
}

/** How many messages may wait, and how many bytes their texts may take together, as UTF-16. */
const maxUnsent = 500;
const maxUnsentBytes = 4_000_000;

/** How many messages may be on their way without an ack. */
const windowSize = 32;

export function createOutbox(options: OutboxOptions): Outbox {
  const { storage, share, now, transmit, onChange, onStorageFailed } = options;
  let unlisten: Cancel = () => {};
  /** Of other pages, from before the user became another one: this page may yet be the one to send them. */
  const ofFormer = new Set<string>();
  const entries = createOutboxEntries({
    storage,
    share,
    onChange,
    onKept: flush,
    onOthersChanged: () => charge.othersChanged(),
    onStorageFailed,
  });
  const charge = createOutboxCharge({
    share,
    storage,
    read: entries.read,
    pagesWaiting: () => new Set(entriesThatAre('queued').map(({ page }) => page)),
    onCharge: flush,
    onTaken: requeue,
    onStorageFailed,
  });

  const entriesThatAre = (wanted: DeliveryState) =>
    entries.all().filter(({ state }) => state === wanted);

  function hear(message: ShareMessage) {
    if (message.kind === 'uploads' || message.kind === 'uploading') {
      return options.onUploadWord?.(message);
    }
    if (message.kind !== 'signed out') return entries.hear(message);
    letGo();
    options.onSignedOut?.();
  }

  function letGo() {
    entries.dropAll();
    onChange();
  }

  function insert(draft: Draft, fields: Partial<OutboxEntry>): OutboxEntry {
    const { id, room, roomKey, about, body, file, at } = draft;
    const entry: OutboxEntry = {
      id,
      room,
      roomKey,
      about,
      body,
      file,
      at,
      state: 'queued',
      hasLeft: false,
      failure: undefined,
      seq: undefined,
      page: share.page,
      ...fields,
    };
    entries.set(entry);
    return entry;
  }

  function take(draft: Draft, fields: Partial<OutboxEntry> = {}): Promise<boolean> {
    const keeping = entries.keep(insert(draft, fields));
    onChange();
    return keeping;
  }

  /** There is no room for one more message with this text; or for it in place of another. */
  function isFull({ id, body }: Pick<Draft, 'id' | 'body'>): boolean {
    const unsent = entries.all().filter((each) => each.state !== 'sent' && each.id !== id);
    const bytes = unsent.reduce((sum, entry) => sum + 2 * entry.body.length, 2 * body.length);
    return unsent.length >= maxUnsent || bytes > maxUnsentBytes;
  }

  function flush() {
    if (!charge.isHeld()) return;
    let free = windowSize - entriesThatAre('sending').length;
    let sent = false;
    /** Rooms whose next message cannot leave just now: those behind it wait, so that a room keeps its order. */
    const held = new Set<string>();
    for (const entry of entriesThatAre('queued')) {
      if (entry.page !== share.page) continue;
      // What was written later waits too.
      if (free === 0 || entries.isBeingKept(entry.id)) break;
      const failure = ofFormer.delete(entry.id) ? otherUser : reasonToAsk(entry, now());
      if (failure) {
        refuse(entry.id, failure);
        continue;
      }
      if (held.has(entry.room) || !transmit(entry)) {
        held.add(entry.room);
        continue;
      }
      entries.set({ ...entry, state: 'sending', hasLeft: true });
      free -= 1;
      sent = true;
    }
    if (sent) onChange();
  }

  function refuse(id: string, failure: SendFailure) {
    const entry = entries.get(id);
    if (entry && isNoLoss(entry, failure)) remove(id);
    else changeAndKeep(id, { state: 'failed', failure });
  }

  function remove(id: string) {
    if (!entries.drop(id)) return;
    entries.forget(id);
    share.tell({ kind: 'removed', id });
    onChange();
  }

  function retry(id: string) {
    const entry = entries.get(id);
    if (entry?.state !== 'failed') return;
    changeAndKeep(id, { ...retried(entry), ...asNew() });
  }

  /** Of what failed, and goes again. */
  const asNew = () =>
    ({ state: 'queued', failure: undefined, page: share.page, at: now() }) as const;

  function changeAndKeep(id: string, next: Partial<OutboxEntry>) {
    entries.change(id, next);
    const entry = entries.get(id);
    if (entry) void entries.keep(entry);
  }

  /** Whatever has no ack goes again. */
  function requeue() {
    const unacked = entriesThatAre('sending');
    for (const entry of unacked) entries.set({ ...entry, state: 'queued' });
    if (unacked.length > 0) onChange();
  }

  return {
    entries: entries.all,
    read: entries.read,

    async load() {
      unlisten();
      unlisten = share.listen(hear);
      await entries.read();
      charge.othersChanged();
      flush();
    },

    close() {
      charge.lineLost();
      unlisten();
    },

    add(draft) {
      if (isFull(draft)) return false;
      void take(draft, { isRewritten: draft.isRewritten });
      return true;
    },

    // It had been acked, so it has left before; and it was not this message that waited.
    takeBack: (draft) => void take({ ...draft, at: now() }, { hasLeft: true }),
    takeFile: (draft) => take(draft),
    reject: (draft, failure) => void take(draft, { state: 'failed', failure }),
    flush,
    lineOpened: charge.lineOpened,
    lineLost() {
      charge.lineLost();
      requeue();
    },

    acked(id, seq) {
      const entry = entries.get(id);
      // If the page goes before that is known, the next one sends it again, and hears of it by the same ack.
      if (!entry || !mayDiffer(entry, share.page)) entries.forget(id);
      share.tell({ kind: 'acked', id, seq });
      entries.change(id, { state: 'sent', seq, failure: undefined });
      flush();
    },

    settled({ id, seq }) {
      entries.forget(id);
      share.tell({ kind: 'acked', id, seq });
    },

    postponed: (id) => entries.change(id, { state: 'queued' }),

    refused(id, failure) {
      refuse(id, failure);
      flush();
    },

    retry,
    remove,

    retryAll() {
      for (const { id } of entriesThatAre('failed')) retry(id);
    },

    removeAll() {
      for (const { id } of entriesThatAre('failed')) remove(id);
    },

    rewrite(id, body) {
      const entry = entries.get(id);
      const isMine = entry?.page === share.page && entry.state === 'queued';
      if (!entry || !(isMine || entry.state === 'failed') || isFull({ id, body })) return false;
      changeAndKeep(id, {
        body,
        isRewritten: entry.isRewritten || entry.hasLeft,
        ...(entry.state === 'failed' && asNew()),
      });
      return true;
    },

    disown() {
      for (const { id } of entriesThatAre('sent')) {
        entries.forget(id);
        entries.drop(id);
      }
      for (const { id, hasLeft, page } of entriesThatAre('queued')) {
        if (page !== share.page) ofFormer.add(id);
        else if (hasLeft) refuse(id, otherUser);
      }
    },

    async clear() {
      letGo();
      share.tell({ kind: 'signed out' });
      await storage.clear().catch(onStorageFailed);
    },

    discard(isShown) {
      for (const entry of entriesThatAre('sent')) if (isShown(entry)) entries.drop(entry.id);
    },
  };
}
