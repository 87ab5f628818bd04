/**
 * The rules by which files are kept, the same for every engine: who may keep how much, that pieces follow each
 * other, that what is kept is what was announced, and what is forgotten when.
 */
import { limits } from '../../protocol/limits';
import type { BlobEngine, UploadRecord } from './blobEngine';
import {
  type Appendix,
  type BlobReader,
  type BlobRefusalCode,
  BlobRefusedError,
  type BlobStore,
  type FileFacts,
  type UploadKey,
  type UploadProgress,
} from './blobs';
import { createKeyedTurns } from './keyedTurns';
import { bytesThere, createRoom } from './room';

export interface BlobLimits {
  /** The largest file. */
  readonly fileBytes: number;
  /** All of one user's files together, those on their way too. */
  readonly userBytes: number;
  /** Those of all users. */
  readonly totalBytes: number;
}

/** SHA-256, a piece at a time. */
export interface Hash {
  update(bytes: Uint8Array<ArrayBuffer>): void;
  /** In hexadecimal. */
  digest(): string;
}

export interface BlobStoreOptions {
  engine: BlobEngine;
  limits: BlobLimits;
  /** Ms since 1970. */
  now(): number;
  newHash(): Hash;
  /** What a file truly is; rejects with a `BlobRefusedError` if it must not be kept. */
  inspect(facts: FileFacts, bytes: BlobReader): Promise<FileFacts>;
}

/** How long an upload waits for its next piece, and a whole one for its message. */
export const patienceMs = 86_400_000;
/** A message in doubt for less may be on its way into the log. */
const doubtMs = 60_000;
/** How long an upload waits for its first piece. */
export const beginningMs = 600_000;
/** How often is noted that an upload goes on. */
const touchEveryMs = 600_000;
/** The most whole uploads of one user that no message has taken. */
const unsentPerUser = 10 * limits.uploadsPerUser;
/** The most uploads of all users that are on their way: each is asked how far it is. */
export const mostUnfinished = 4_000;
/** So many of them give way at once, as it takes a list of all to find them. */
export const givingWay = 100;
/** For so long it holds that none can give way, in ms. */
const noneMs = 1_000;
const hashedBytes = 256 * 1024;

/** An upload that pieces come for, as far as it is known here. */
interface OpenUpload {
  readonly facts: FileFacts;
  have: number;
  touchedAt: number;
}

const nameOf = ({ userId, id }: UploadKey) => `${userId} ${id}`;

export function createBlobStore(options: BlobStoreOptions): BlobStore {
  const { engine, limits: most, now, newHash, inspect } = options;
  /** One thing at a time for an upload, and for the room that there is. */
  const turns = createKeyedTurns();
  const open = new Map<string, OpenUpload>();
  const room = createRoom(engine, most.totalBytes, now);
  /** When all on their way had begun, so that none could give way. */
  let noneSince: number | undefined;
  let isClosed = false;

  function inTurn<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    if (isClosed) return Promise.reject(new BlobRefusedError('unavailable', 'files are closed'));
    return turns.run(key, work);
  }

  const ofUpload = <Result>(key: UploadKey, work: (name: string) => Promise<Result>) => {
    const name = nameOf(key);
    return inTurn(name, () => work(name));
  };

  /** Makes place for one more: of those of which not a byte has come some give way if there are too many. */
  async function giveWay(): Promise<void> {
    if ((await engine.countUnfinished()) < mostUnfinished) return;
    const isKnown = noneSince !== undefined && now() - noneSince < noneMs;
    const unfinished = isKnown ? [] : await engine.unfinished();
    // What is being done with an upload may itself wait until there is place: that is not waited for.
    const unbegun = unfinished
      .filter((upload) => upload.have === 0 && !turns.isBusy(nameOf(upload)))
      .sort((one, other) => one.touchedAt - other.touchedAt);
    if (unbegun.length === 0) {
      if (!isKnown) noneSince = now();
      throw new BlobRefusedError('too_many_uploads', 'as many files as may be are on their way');
    }
    // The first piece of the younger half may be coming.
    const older = unbegun.slice(0, Math.min(givingWay, Math.ceil(unbegun.length / 2)));
    await Promise.all(older.map((upload) => forgetIf(upload, ({ have }) => have === 0)));
  }

  /** Quotas are looked at one by one: two that fit alone might not together. */
  const begin = (record: UploadRecord) =>
    inTurn('room', async () => {
      const { size } = record.facts;
      const own = await engine.usage(record.userId);
      if (own.onTheirWay >= limits.uploadsPerUser || own.unsent >= unsentPerUser) {
        const message = `a user has at most ${limits.uploadsPerUser} files on their way`;
        throw new BlobRefusedError('too_many_uploads', message);
      }
      if (own.kept + own.announced + size > most.userBytes) {
        const message = `a user's files have at most ${most.userBytes} bytes together`;
        throw new BlobRefusedError('no_room_for_files', message);
      }
      // Of what others have announced only what has come counts: it may never come.
      await room.expect(size);
      // Only now that nothing else refuses it: what is refused takes nothing from others.
      await giveWay();
      await engine.begin(record);
    });

  async function announce(key: UploadKey, facts: FileFacts, name: string): Promise<UploadProgress> {
    const known = await engine.find(key);
    if (known && !isSame(known, facts)) {
      const message = `another file was announced as "${key.id}"`;
      throw new BlobRefusedError('file_refused', message);
    }
    if (known?.isWhole) return { have: facts.size, isWhole: true };
    const touchedAt = now();
    if (known) await engine.touch(key, touchedAt);
    else await begin({ ...key, facts, isWhole: false, touchedAt });
    const have = known ? await engine.have(key) : 0;
    open.set(name, { facts, have, touchedAt });
    return { have, isWhole: false };
  }

  /** By the memory of this process, or as it is kept. */
  async function opened(key: UploadKey, name: string): Promise<OpenUpload> {
    const known = open.get(name);
    if (known) return known;
    const record = await engine.find(key);
    if (!record || record.isWhole) {
      throw new BlobRefusedError('no_upload', `no upload "${key.id}" is on its way`);
    }
    const { facts, touchedAt } = record;
    const upload = { facts, touchedAt, have: await engine.have(key) };
    open.set(name, upload);
    return upload;
  }

  async function append(
    key: UploadKey,
    name: string,
    at: number,
    bytes: Uint8Array<ArrayBuffer>,
  ): Promise<Appendix> {
    const upload = await opened(key, name);
    // Another gateway may have gone on with it.
    if (at > upload.have) upload.have = await engine.have(key);
    const { have, facts } = upload;
    const end = at + bytes.length;
    if (at > have) throw new BlobRefusedError('bad_piece', `the next piece begins at ${have}`);
    if (end > facts.size) {
      throw new BlobRefusedError('bad_piece', `the file was announced with ${facts.size} bytes`);
    }
    if (end <= have) return { have, isAll: have === facts.size };
    try {
      await room.take(end - have, () => engine.write(key, have, bytes.subarray(have - at)));
    } catch (error) {
      // How much of it came in, here or at another gateway, is looked up.
      open.delete(name);
      if (isRefused(error, 'bad_piece')) return append(key, name, at, bytes);
      throw error;
    }
    upload.have = end;
    if (now() - upload.touchedAt >= touchEveryMs) {
      upload.touchedAt = now();
      await engine.touch(key, upload.touchedAt);
    }
    return { have: end, isAll: end === facts.size };
  }

  async function verified(key: UploadKey, facts: FileFacts): Promise<FileFacts> {
    const reader = await engine.readUpload(key);
    try {
      const hash = newHash();
      for (let at = 0; at < reader.size; at += hashedBytes) {
        hash.update(await reader.read(at, Math.min(at + hashedBytes, reader.size)));
      }
      if (reader.size !== facts.size || hash.digest() !== facts.sha256) {
        const message = 'the bytes have another SHA-256 than was announced';
        throw new BlobRefusedError('file_refused', message);
      }
      return await inspect(facts, reader);
    } finally {
      await reader.close();
    }
  }

  async function finish(key: UploadKey, name: string): Promise<void> {
    const known = await engine.find(key);
    if (known?.isWhole) return;
    const { facts } = await opened(key, name);
    const have = await engine.have(key);
    if (have < facts.size) {
      throw new BlobRefusedError('bad_piece', `${have} of ${facts.size} bytes are there`);
    }
    try {
      await engine.settle(key, await verified(key, facts));
      open.delete(name);
    } catch (error) {
      if (isRefused(error, 'file_refused')) await drop(key, name);
      throw error;
    }
  }

  async function drop(key: UploadKey, name: string): Promise<void> {
    const isEmpty = open.get(name)?.have === 0;
    open.delete(name);
    await engine.drop(key);
    // All bytes are counted anew then: not for who announces and forgets.
    if (!isEmpty) room.changed();
  }

  const forget = (key: UploadKey) => ofUpload(key, (name) => drop(key, name));

  /** Forgets an unfinished upload if this holds of it in its turn. */
  const forgetIf = (key: UploadKey, holds: (upload: OpenUpload) => boolean) =>
    ofUpload(key, async (name) => {
      const record = await engine.find(key);
      if (record && !record.isWhole && holds(await opened(key, name))) await drop(key, name);
    });

  const unfinished = () => inTurn('unfinished', () => engine.unfinished());

  async function forgetUnbegun(): Promise<void> {
    const isLate = ({ touchedAt }: { touchedAt: number }) => now() - touchedAt >= beginningMs;
    for (const upload of await unfinished()) {
      if (upload.have > 0 || !isLate(upload)) continue;
      await forgetIf(upload, (known) => known.have === 0 && isLate(known));
    }
  }

  return {
    async announce(key, facts) {
      if (facts.size > most.fileBytes) {
        const message = `a file has at most ${most.fileBytes} bytes here`;
        throw new BlobRefusedError('file_too_large', message);
      }
      return ofUpload(key, (name) => announce(key, facts, name));
    },
    append: (key, at, bytes) => ofUpload(key, (name) => append(key, name, at, bytes)),
    finish: (key) => ofUpload(key, (name) => finish(key, name)),
    forget,
    found: (key) =>
      ofUpload(key, async () => {
        const record = await engine.find(key);
        return record?.isWhole ? record.facts : undefined;
      }),
    hold: (sha256s, holder) =>
      inTurn(`message ${holder.mid}`, () => engine.hold(sha256s, holder, now())),
    keep: (mid, seq) => inTurn(`message ${mid}`, () => engine.keep(mid, seq)),
    doubt: (mid) => inTurn(`message ${mid}`, () => engine.doubt(mid, now())),
    release: (mid) =>
      inTurn(`message ${mid}`, async () => {
        await engine.release(mid);
        room.changed();
      }),
    doubted: () => inTurn('doubted', () => engine.doubted(now() - doubtMs)),
    open: (sha256) => inTurn(`open ${sha256}`, () => engine.open(sha256)),
    async forgetUnfinishedOf(userId) {
      for (const upload of await unfinished()) {
        if (upload.userId === userId) await forgetIf(upload, () => true);
      }
    },
    forgetUnbegun,
    async sweep() {
      await forgetUnbegun();
      for (const key of await inTurn('sweep', () => engine.untouchedSince(now() - patienceMs))) {
        const name = nameOf(key);
        // What pieces come for is noted now and then only.
        if (now() - (open.get(name)?.touchedAt ?? 0) >= patienceMs) await forget(key);
      }
      for (const [name, { touchedAt }] of open) {
        if (now() - touchedAt >= patienceMs) open.delete(name);
      }
      await inTurn('sweep', () => engine.sweepOrphans());
    },
    usage: () =>
      inTurn('usage', async () => {
        const { onTheirWay } = await engine.usage();
        return { bytes: await bytesThere(engine), onTheirWay };
      }),
    async close() {
      if (isClosed) return;
      isClosed = true;
      await turns.settled();
      await engine.close();
    },
  };
}

const isRefused = (error: unknown, code: BlobRefusalCode) =>
  error instanceof BlobRefusedError && error.code === code;

/** Whether the same file was announced. What it turned out to be once it was whole does not count. */
function isSame({ facts, isWhole }: UploadRecord, announced: FileFacts): boolean {
  const { sha256, size, name, type, width, height } = announced;
  const isSameFile = facts.sha256 === sha256 && facts.size === size && facts.name === name;
  if (isWhole || !isSameFile) return isSameFile;
  return facts.type === type && facts.width === width && facts.height === height;
}
