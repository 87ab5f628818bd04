/**
 * The messages of the outbox as this page knows them: in memory, in storage, and in step with what the
 * other pages of the user do to them.
 */
import type {
  OutboxEntry,
  OutboxShare,
  OutboxStorage,
  ShareMessage,
  StoredEntry,
  UploadWord,
} from './outboxEntry';
import { mayDiffer } from './outboxRules';

/** What the pages tell each other of messages. */
type OutboxWord = Exclude<ShareMessage, UploadWord | { kind: 'signed out' }>;

export interface OutboxEntriesOptions {
  storage: OutboxStorage;
  share: OutboxShare;
  /** Something changed that can be seen. */
  onChange(): void;
  /** A message is in storage now, or cannot be kept. */
  onKept(): void;
  /** Another page has changed what waits. */
  onOthersChanged(): void;
  onStorageFailed(): void;
}

export interface OutboxEntries {
  /** Oldest first. */
  all(): OutboxEntry[];
  get(id: string): OutboxEntry | undefined;
  /** Puts an entry in place, without a word. */
  set(entry: OutboxEntry): void;
  /** Changes an entry, if it is there. */
  change(id: string, next: Partial<OutboxEntry>): void;
  /** Writes an entry to storage, as this page's own. Resolves with whether it is there. */
  keep(entry: OutboxEntry): Promise<boolean>;
  /** It is being written: it may not leave yet, or a crash could lose what others have seen as sent. */
  isBeingKept(id: string): boolean;
  /** Takes an entry out of storage. */
  forget(id: string): void;
  /** Takes an entry out of memory. False if it was not there. */
  drop(id: string): boolean;
  /** Takes everything out of memory. */
  dropAll(): void;
  /** Takes over what storage holds, which other pages may have changed. Never rejects. */
  read(): Promise<void>;
  /** What another page has done. */
  hear(message: OutboxWord): void;
}

export function createOutboxEntries(options: OutboxEntriesOptions): OutboxEntries {
  const { storage, share, onChange, onKept, onOthersChanged, onStorageFailed } = options;
  const entries = new Map<string, OutboxEntry>();
  /** How many writings of each are under way. */
  const beingKept = new Map<string, number>();
  /** In storage, as far as is known here. */
  const kept = new Set<string>();
  /** Let go of here, though a reading may still find them; and whether storage has let go of them. */
  const forgotten = new Map<string, boolean>();
  let readings = 0;
  /** Another page has stored something since the latest reading began. */
  let hasNews = false;
  let isCatchingUp = false;

  function change(id: string, next: Partial<OutboxEntry>) {
    const entry = entries.get(id);
    if (!entry) return;
    entries.set(id, { ...entry, ...next });
    onChange();
  }

  function drop(id: string): boolean {
    kept.delete(id);
    return entries.delete(id);
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

  async function read() {
    readings += 1;
    const keptBefore = new Set(kept);
    try {
      merge(await storage.load(), keptBefore);
    } catch {
      onStorageFailed();
    }
    readings -= 1;
    if (readings > 0) return;
    for (const [id, isRemoved] of forgotten) if (isRemoved) forgotten.delete(id);
  }

  /** However often others say that something was stored, there is one reading at a time. */
  async function catchUp() {
    hasNews = true;
    if (isCatchingUp) return;
    isCatchingUp = true;
    while (hasNews) {
      hasNews = false;
      await read();
    }
    isCatchingUp = false;
    onOthersChanged();
  }

  function merge(stored: StoredEntry[], keptBefore: ReadonlySet<string>) {
    const there = new Set(stored.map(({ id }) => id));
    const found = stored.filter(isNews);
    for (const entry of found) {
      // Whoever had it before may have sent it.
      const state = entry.failure ? 'failed' : 'queued';
      entries.set(entry.id, { ...entry, state, hasLeft: true, seq: undefined });
    }
    for (const { id } of stored) if (entries.has(id)) kept.add(id);
    // Deleted, or sent, by another page.
    const gone = [...entries.values()].filter(
      ({ id, state }) =>
        keptBefore.has(id) && kept.has(id) && !there.has(id) && isWaiting(state) && !isBusy(id),
    );
    for (const { id } of gone) drop(id);
    if (found.length + gone.length === 0) return;
    sortById();
    onChange();
  }

  const isWaiting = (state: OutboxEntry['state']) => state === 'queued' || state === 'failed';
  const isBusy = (id: string) => forgotten.has(id) || beingKept.has(id);

  /** It says more than is known here. */
  function isNews({ id, body, failure, page }: StoredEntry): boolean {
    const known = entries.get(id);
    if (isBusy(id) || known?.state === 'sent') return false;
    if (known?.page !== page) return true;
    const hasFailed = known.state === 'failed';
    const saysMore = hasFailed !== (failure !== undefined) || known.body !== body;
    return page !== share.page && saysMore;
  }

  /** What other pages wrote falls in between. */
  function sortById() {
    const sorted = [...entries].sort(([one], [other]) => (one < other ? -1 : 1));
    entries.clear();
    for (const [id, entry] of sorted) entries.set(id, entry);
  }

  return {
    all: () => [...entries.values()],
    get: (id) => entries.get(id),
    set: (entry) => void entries.set(entry.id, entry),
    change,
    async keep({ id, room, roomKey, about, body, file, at, isRewritten, failure }) {
      beingKept.set(id, (beingKept.get(id) ?? 0) + 1);
      const facts = { id, room, roomKey, about, body, file, at, isRewritten, failure };
      let isKept = false;
      try {
        await storage.put({ ...facts, page: share.page });
        kept.add(id);
        isKept = true;
      } catch {
        onStorageFailed();
      }
      const others = (beingKept.get(id) ?? 0) - 1;
      if (others > 0) beingKept.set(id, others);
      else beingKept.delete(id);
      // Deleted or acked meanwhile: what was just written must not come back with the next page load.
      const known = entries.get(id);
      if (!known || (known.state === 'sent' && !mayDiffer(known, share.page))) forget(id);
      share.tell({ kind: 'stored' });
      onKept();
      return isKept;
    },
    isBeingKept: (id) => beingKept.has(id),
    forget,
    drop,
    dropAll() {
      entries.clear();
      kept.clear();
    },
    read,
    hear(message) {
      if (message.kind === 'stored') return void catchUp();
      const { id } = message;
      // A reading that is under way may still find it.
      if (readings > 0) forgotten.set(id, true);
      if (message.kind === 'acked') {
        kept.delete(id);
        change(id, { state: 'sent', seq: message.seq, failure: undefined });
      } else if (entries.get(id)?.state !== 'sending' && drop(id)) {
        onChange();
      }
      onOthersChanged();
    },
  };
}
