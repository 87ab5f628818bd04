/** The storage that the pages of one user share for their files, in memory; it may fail. */
import type { UploadRecord, UploadStorage } from '../chat/uploadRecord';

export interface MemoryUploads {
  readonly storage: UploadStorage;
  readonly records: ReadonlyMap<string, UploadRecord>;
  /** Bytes by `id part`. */
  readonly bytes: ReadonlyMap<string, Blob>;
  /** From now on nothing more can be written. */
  fill(): void;
}

export function createMemoryUploads(): MemoryUploads {
  const records = new Map<string, UploadRecord>();
  const bytes = new Map<string, Blob>();
  let isFull = false;
  const write = () => {
    if (isFull) throw new DOMException('no space is left', 'QuotaExceededError');
  };
  return {
    records,
    bytes,
    fill() {
      isFull = true;
    },
    storage: {
      load: async () => [...records.values()],
      async add(record, file) {
        write();
        records.set(record.id, record);
        bytes.set(`${record.id} whole`, file);
      },
      async change(id, next, given = {}) {
        const record = records.get(id);
        if (!record) return;
        write();
        records.set(id, { ...record, ...next });
        for (const [part, each] of Object.entries(given))
          if (each) bytes.set(`${id} ${part}`, each);
      },
      bytes: async (id, part) => bytes.get(`${id} ${part}`),
      async remove(id) {
        records.delete(id);
        bytes.delete(`${id} whole`);
        bytes.delete(`${id} preview`);
      },
      async clear() {
        records.clear();
        bytes.clear();
      },
    },
  };
}
