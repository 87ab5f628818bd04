/** Files in memory: for tests, and for who wants to leave nothing behind. Kept as long as the process is. */
import type { BlobEngine, UploadRecord } from './blobEngine';
import type { BlobReader, Holder, UploadKey } from './blobs';

interface MemoryUpload {
  record: UploadRecord;
  /** Room for what has come of an unfinished one, which is `have`, and for some more. */
  bytes: Uint8Array<ArrayBuffer>;
  have: number;
  /** The message alone needs its bytes. */
  isSpent: boolean;
}

interface MemoryHold extends Holder {
  readonly sha256s: readonly string[];
  seq: number | undefined;
  doubtedAt: number | undefined;
}

const nameOf = ({ userId, id }: UploadKey) => `${userId} ${id}`;

const noBytes = new Uint8Array(0);

export function createMemoryBlobs(): BlobEngine {
  const uploads = new Map<string, MemoryUpload>();
  const holds = new Map<string, MemoryHold>();
  const contents = new Map<string, Uint8Array<ArrayBuffer>>();

  const isNeeded = (sha256: string) =>
    [...holds.values()].some((hold) => hold.sha256s.includes(sha256)) ||
    [...uploads.values()].some(
      ({ record, isSpent }) => record.isWhole && !isSpent && record.facts.sha256 === sha256,
    );

  /** Gives the bytes back if nothing needs them, and forgets the spent uploads that brought them. */
  function giveBack(sha256: string) {
    if (isNeeded(sha256)) return;
    contents.delete(sha256);
    for (const [name, { record }] of uploads) {
      if (record.isWhole && record.facts.sha256 === sha256) uploads.delete(name);
    }
  }

  function unfinished(key: UploadKey): MemoryUpload {
    const upload = uploads.get(nameOf(key));
    if (!upload || upload.record.isWhole) throw new Error(`no upload "${key.id}" is on its way`);
    return upload;
  }

  return {
    async find(key) {
      return uploads.get(nameOf(key))?.record;
    },
    async begin(record) {
      const upload = { record, bytes: noBytes, have: 0, isSpent: false };
      uploads.set(nameOf(record), upload);
    },
    async touch(key, touchedAt) {
      const upload = uploads.get(nameOf(key));
      if (upload) upload.record = { ...upload.record, touchedAt };
    },
    async have(key) {
      return unfinished(key).have;
    },
    async write(key, at, bytes) {
      const upload = unfinished(key);
      const end = at + bytes.length;
      // Not all that was announced: of that nothing might come.
      if (end > upload.bytes.length) {
        const { size } = upload.record.facts;
        const grown = new Uint8Array(Math.max(end, Math.min(size, 2 * upload.bytes.length)));
        grown.set(upload.bytes.subarray(0, upload.have));
        upload.bytes = grown;
      }
      upload.bytes.set(bytes, at);
      upload.have = end;
    },
    async readUpload(key) {
      const { bytes, have } = unfinished(key);
      return readerOf(bytes.subarray(0, have));
    },
    async settle(key, facts) {
      const upload = unfinished(key);
      if (!contents.has(facts.sha256)) contents.set(facts.sha256, upload.bytes);
      upload.bytes = noBytes;
      upload.record = { ...upload.record, facts, isWhole: true };
    },
    async drop(key) {
      const { record } = uploads.get(nameOf(key)) ?? {};
      uploads.delete(nameOf(key));
      if (record?.isWhole) giveBack(record.facts.sha256);
    },
    async hold(sha256s, { mid, room, userId, at }, doubtedAt) {
      if (!sha256s.every((sha256) => contents.has(sha256))) return false;
      const seq = holds.get(mid)?.seq;
      holds.set(mid, { mid, room, userId, at, sha256s, seq, doubtedAt });
      return true;
    },
    async keep(mid, seq) {
      const hold = holds.get(mid);
      if (!hold) return;
      hold.seq = seq;
      hold.doubtedAt = undefined;
      for (const upload of uploads.values()) {
        const { record } = upload;
        if (record.userId !== hold.userId || !record.isWhole) continue;
        if (hold.sha256s.includes(record.facts.sha256)) upload.isSpent = true;
      }
    },
    async doubt(mid, doubtedAt) {
      const hold = holds.get(mid);
      if (hold) hold.doubtedAt = doubtedAt;
    },
    async release(mid) {
      const hold = holds.get(mid);
      holds.delete(mid);
      for (const sha256 of hold?.sha256s ?? []) giveBack(sha256);
    },
    async doubted(beforeMs) {
      return [...holds.values()]
        .filter(({ doubtedAt }) => doubtedAt !== undefined && doubtedAt < beforeMs)
        .map(({ mid, room, userId, at, seq }) => ({ mid, room, userId, at, seq }));
    },
    async open(sha256) {
      const bytes = contents.get(sha256);
      return bytes && readerOf(bytes);
    },
    async usage(userId) {
      const ofUser = [...uploads.values()].filter(
        ({ record, isSpent }) => !isSpent && (userId === undefined || record.userId === userId),
      );
      const onTheirWay = ofUser.filter(({ record }) => !record.isWhole);
      const announced = onTheirWay.reduce((sum, { record }) => sum + record.facts.size, 0);
      const whole = ofUser.filter(({ record }) => record.isWhole);
      const needed = new Set(whole.map(({ record }) => record.facts.sha256));
      for (const hold of holds.values()) {
        if (userId !== undefined && hold.userId !== userId) continue;
        for (const sha256 of hold.sha256s) needed.add(sha256);
      }
      const kept = [...needed].reduce((sum, each) => sum + (contents.get(each)?.length ?? 0), 0);
      return { kept, announced, onTheirWay: onTheirWay.length, unsent: whole.length };
    },
    async countUnfinished() {
      return [...uploads.values()].filter(({ record }) => !record.isWhole).length;
    },
    async unfinished() {
      return [...uploads.values()]
        .filter(({ record }) => !record.isWhole)
        .map(({ record: { userId, id, touchedAt }, have }) => ({ userId, id, touchedAt, have }));
    },
    async untouchedSince(beforeMs) {
      return [...uploads.values()]
        .filter(({ record }) => record.touchedAt < beforeMs)
        .map(({ record: { userId, id } }) => ({ userId, id }));
    },
    async sweepOrphans() {},
    async close() {
      uploads.clear();
      holds.clear();
      contents.clear();
    },
  };
}

function readerOf(bytes: Uint8Array<ArrayBuffer>): BlobReader {
  return {
    size: bytes.length,
    read: async (from, to) => bytes.slice(from, to),
    async close() {},
  };
}
