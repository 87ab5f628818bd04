/**
 * The uploads as this page knows them: in memory, in storage, and in step with what the other pages of the user do
 * to them. Where nothing can be stored they are in memory alone, and go on.
 */
import type { FilePart } from '../protocol/file';
import type { FileBytes, UploadChange, UploadRecord, UploadStorage } from './uploadRecord';

export interface KeptUploadsOptions {
  storage: UploadStorage;
  /** Something changed. */
  onChange(): void;
  /** Something in storage changed: the other pages should read it. */
  onStored(): void;
  /** A file will not survive a reload. */
  onStorageFailed(): void;
}

export interface KeptUploads {
  /** The oldest first. */
  all(): readonly UploadRecord[];
  get(id: string): UploadRecord | undefined;
  /** Reads what storage holds, which other pages may have changed. Never rejects. */
  read(): Promise<void>;
  /** Resolves when it is kept, or cannot be. Never rejects. */
  add(record: UploadRecord, file: Blob): Promise<void>;
  /** It was added, and is not in storage yet: a crash would leave what the server has of it to nobody. */
  isBeingKept(id: string): boolean;
  /** Resolves when it is changed in storage too, or cannot be. Never rejects. */
  change(id: string, next: UploadChange, bytes?: FileBytes): Promise<void>;
  /** Rejects where there are none. */
  bytes(id: string, part: FilePart): Promise<Blob>;
  /** False if it was not there. */
  remove(id: string): boolean;
  /** Nothing of it is here any more, and nothing will be. */
  isGone(id: string): boolean;
  clear(): Promise<void>;
}

export function createKeptUploads(options: KeptUploadsOptions): KeptUploads {
  const { storage, onChange, onStored, onStorageFailed } = options;
  const records = new Map<string, UploadRecord>();
  /** What is not in storage, or not yet. */
  const inMemory = new Map<string, FileBytes>();
  const beingKept = new Set<string>();
  const stored = new Set<string>();
  /** An id never comes again. */
  const gone = new Set<string>();
  /** Counts changes that are made here; a reading that began before one knows nothing of it. */
  let changes = 0;
  const changedAt = new Map<string, number>();
  let last: Promise<void> = Promise.resolve();

  /** One after the other, so that what is read later has what was written before. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    last = last.then(work).catch(onStorageFailed);
    return last;
  }

  function set(record: UploadRecord) {
    changes += 1;
    changedAt.set(record.id, changes);
    records.set(record.id, record);
  }

  async function keep(record: UploadRecord, file: Blob) {
    if (gone.has(record.id)) return;
    await storage.add(record, file);
    stored.add(record.id);
    // From here on by storage's own copy: the file may change where it was taken from.
    if (inMemory.get(record.id)?.whole === file) inMemory.delete(record.id);
    onStored();
  }

  function drop(id: string): boolean {
    gone.add(id);
    inMemory.delete(id);
    changedAt.delete(id);
    return records.delete(id);
  }

  function merge(found: readonly UploadRecord[], since: number) {
    const isLater = (id: string) => (changedAt.get(id) ?? 0) > since;
    const isNews = (id: string) => !gone.has(id) && !isLater(id);
    const there = new Set(found.map(({ id }) => id));
    for (const record of found) {
      if (!isNews(record.id)) continue;
      stored.add(record.id);
      records.set(record.id, record);
    }
    // Given up, or sent, by another page.
    for (const id of stored) {
      if (there.has(id) || !isNews(id)) continue;
      stored.delete(id);
      drop(id);
    }
    // What another page has said of these is read once what was said here is written.
    if (found.some(({ id }) => records.has(id) && isLater(id))) void read();
    onChange();
  }

  function read(): Promise<void> {
    // What is changed from here on is written after it has been read.
    const since = changes;
    return inTurn(async () => merge(await storage.load(), since));
  }

  return {
    all: () => [...records.values()].sort((one, other) => (one.id < other.id ? -1 : 1)),
    get: (id) => records.get(id),
    isGone: (id) => gone.has(id),

    read,

    add(record, file) {
      set(record);
      inMemory.set(record.id, { whole: file });
      beingKept.add(record.id);
      onChange();
      return inTurn(() => keep(record, file)).then(() => {
        beingKept.delete(record.id);
        onChange();
      });
    },

    isBeingKept: (id) => beingKept.has(id),

    async change(id, next, bytes) {
      const record = records.get(id);
      if (!record) return;
      set({ ...record, ...next });
      if (bytes) inMemory.set(id, { ...inMemory.get(id), ...bytes });
      onChange();
      await inTurn(async () => {
        if (!stored.has(id) || gone.has(id)) return;
        await storage.change(id, next, bytes);
        if (bytes) inMemory.delete(id);
        onStored();
      });
    },

    async bytes(id, part) {
      const held = inMemory.get(id)?.[part] ?? (await storage.bytes(id, part));
      if (!held) throw new Error('the bytes of this file are gone');
      return held;
    },

    remove(id) {
      if (!drop(id)) return false;
      onChange();
      void inTurn(async () => {
        if (!stored.delete(id)) return;
        await storage.remove(id);
        onStored();
      });
      return true;
    },

    async clear() {
      for (const id of [...records.keys()]) drop(id);
      stored.clear();
      onChange();
      await inTurn(storage.clear);
    },
  };
}
