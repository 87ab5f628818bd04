/**
 * Files of one's own until their messages are in the outbox. Each is a row at once, is looked at and kept before
 * anything of it leaves, and goes on from where the server is after every loss of the line, reload and crash.
 * Once it is at the server its message leaves as all others do; its bytes are kept until that was sent.
 *
 * The pages of one user share what is kept. One of them, with a line, sends them all, one at a time, the oldest
 * first; the others show how far they are.
 */
import { codePointCount, limits } from '../protocol/limits';
import { attachFiles } from './attachFiles';
import { createFileLinks } from './fileLinks';
import { createKeptUploads } from './keptUploads';
import { reasonToAsk } from './outboxRules';
import { tooLong } from './tooLong';
import type { UploadState } from './types';
import { createUploadPictures } from './uploadPictures';
import { createUploadProgress } from './uploadProgress';
import { ownerOfPart, partId, type UploadRecord } from './uploadRecord';
import { messageOf, rowOf } from './uploadRows';
import { createUploadSender, unreadable } from './uploadSender';
import type { Uploads, UploadsOptions, UploadsOutside } from './uploadsContract';
import { createUploadTurns } from './uploadTurns';

/** How many files may wait. */
const mostWaiting = 100;

/** How often the server may have lost a file that it had whole, before a person is asked. */
const mostLosses = 2;

export function createUploads(options: UploadsOptions, outside: UploadsOutside): Uploads {
  const { time, share, outbox, send, onChange } = options;
  const preparing = new Set<string>();
  /** Given up while the server could not be told. */
  const toForget = new Set<string>();
  let isStopped = false;
  let lastPrepared: Promise<void> = Promise.resolve();

  const kept = createKeptUploads({
    storage: outside.storage,
    onChange: changed,
    onStored: () => share.tell({ kind: 'uploads' }),
    onStorageFailed: options.onStorageFailed,
  });
  const progress = createUploadProgress({
    time,
    share,
    record: kept.get,
    onTell: onChange,
  });
  const sender = createUploadSender({
    ...options,
    bytes: kept.bytes,
    onProgress: progress.went,
    onTurn: onChange,
    onWhole: handOver,
    onFailed: (id, failure) => kept.change(id, { failure }),
  });
  const turns = createUploadTurns({
    ...options,
    waiting: () => onTheWay().filter((each) => isReady(each) && !each.isPaused && !each.failure),
    unseen: () => onTheWay().filter(({ prepared, failure }) => !prepared && !failure),
    nextOf,
    read: kept.read,
    lookAt,
    turnTo: sender.turnTo,
    onHeld: progress.tookOver,
  });
  const pictures = createUploadPictures({
    time,
    bytes: kept.bytes,
    pictures: outside.pictures,
    onShown: onChange,
  });
  const links = createFileLinks({ ...options, serverUrl: outside.serverUrl });

  const entryOf = (id: string) => outbox.entries().find((entry) => entry.id === id);

  /** It is an upload yet, and no message in the outbox. */
  function find(id: string): UploadRecord | undefined {
    const record = kept.get(id);
    return record && !record.isHandedOver && !entryOf(id) ? record : undefined;
  }

  /** It was looked at, and is kept where that can be. */
  const isReady = ({ id, prepared }: UploadRecord) =>
    prepared !== undefined && !kept.isBeingKept(id);

  const onTheWay = () => kept.all().filter(({ id }) => find(id) !== undefined);

  function changed() {
    if (isStopped) return;
    for (const record of kept.all()) pictures.show(record);
    turns.update();
    onChange();
  }

  /** The oldest about which nobody need be asked. */
  function nextOf(waiting: readonly UploadRecord[]): UploadRecord | undefined {
    for (const record of waiting) {
      const failure = reasonToAsk({ ...record, at: progress.of(record.id).activeAt }, time.now());
      if (!failure) return record;
      kept.change(record.id, { failure });
    }
    return undefined;
  }

  /** Looks at a file, after those before it: each may take much memory. */
  function lookAt({ id, type }: UploadRecord) {
    if (preparing.has(id) || kept.get(id)?.prepared) return;
    preparing.add(id);
    lastPrepared = lastPrepared.then(async () => {
      try {
        if (isStopped || !kept.get(id) || kept.get(id)?.prepared) return;
        const file = await kept.bytes(id, 'whole');
        const { facts, bytes } = await outside.prepare(file, type);
        kept.change(id, { prepared: facts }, bytes);
      } catch {
        if (!isStopped) kept.change(id, { failure: unreadable });
      } finally {
        preparing.delete(id);
      }
    });
  }

  /** Its message leaves like any other. */
  async function handOver(id: string) {
    const record = find(id);
    if (!record) return turns.update();
    const keeping = outbox.takeFile(messageOf(record, time.now()));
    turns.update();
    // Were it said before it is so, a crash in between would lose the message.
    if (await keeping) kept.change(id, { isHandedOver: true });
  }

  /** Nothing of it is needed any more. */
  function forget(id: string) {
    if (!kept.remove(id)) return;
    progress.forget(id);
    pictures.leave(id);
  }

  const handedOverAndGone = () =>
    kept.all().filter(({ id, isHandedOver }) => isHandedOver && !entryOf(id));

  /**
   * What was handed over and is in the outbox no more was sent, or given up, by whichever page. Another page writes
   * first the message and then that it was handed over, and takes both back the other way round: so what seems gone
   * is looked for in both once more.
   */
  async function tidy() {
    await kept.read();
    if (handedOverAndGone().length === 0) return;
    await outbox.read();
    if (handedOverAndGone().length === 0) return;
    await kept.read();
    if (!isStopped) for (const { id } of handedOverAndGone()) forget(id);
  }

  /** Its message comes back from the outbox, and it is sent anew. */
  async function takeBack({ id, body: written }: UploadRecord) {
    // It may have been given another text there.
    const { body = written } = entryOf(id) ?? {};
    // Were the message taken first, a crash in between would lose it with what is kept here.
    await kept.change(id, { isHandedOver: undefined, body });
    if (isStopped) return;
    outbox.remove(id);
    turns.update();
  }

  /** Has the server forget an upload, now or when it can be told. */
  function abandon({ id, prepared }: UploadRecord) {
    toForget.add(id);
    if (prepared?.preview) toForget.add(partId(id, 'preview'));
  }

  function tellAbandoned() {
    for (const id of toForget) {
      if (!send({ t: 'unupload', id })) return;
      toForget.delete(id);
    }
  }

  function stateOf(record: UploadRecord): UploadState {
    const { id, prepared, isPaused, failure } = record;
    const size = prepared?.whole.size ?? record.size;
    const isSending = sender.sendingId() === id || progress.isSentElsewhere(id);
    const status = () => {
      if (failure) return 'failed';
      if (!isReady(record)) return 'preparing';
      if (isPaused) return 'paused';
      return isSending && options.isReady() ? 'sending' : 'waiting';
    };
    const have = Math.min(progress.of(id).have, size);
    return { status: status(), have, size, picture: pictures.urlOf(id) };
  }

  return {
    entries: () => onTheWay().map((record) => rowOf(record, share.page, stateOf(record))),

    arrivedState(id) {
      const size = kept.get(id)?.prepared?.whole.size;
      if (size === undefined) return undefined;
      return { status: 'sending', have: size, size, picture: pictures.urlOf(id) };
    },

    load: tidy,

    async attach(files, body, about) {
      const { taken, untaken } = await attachFiles({
        ...{ files, body, about, ...options.current(), newId: options.newId },
        largestBytes: options.largestBytes(),
        mostFiles: mostWaiting - onTheWay().length,
        at: time.now(),
      });
      const adding = taken.map(({ record, file }) => {
        const added = kept.add(record, file);
        lookAt(record);
        return added;
      });
      await Promise.all(adding);
      return untaken;
    },

    pause(id) {
      if (find(id)) kept.change(id, { isPaused: true, have: progress.of(id).have });
    },

    goOn(id) {
      if (!find(id)?.isPaused) return;
      progress.of(id).activeAt = time.now();
      kept.change(id, { isPaused: undefined });
    },

    remove(id) {
      const record = find(id);
      if (!record) return false;
      forget(id);
      abandon(record);
      tellAbandoned();
      return true;
    },

    retry(id) {
      const at = time.now();
      if (kept.get(id)) Object.assign(progress.of(id), { activeAt: at, losses: 0 });
      const record = find(id);
      if (!record?.failure) return false;
      kept.change(id, { failure: undefined, at });
      lookAt(record);
      return true;
    },

    rewrite(id, body) {
      const record = find(id);
      if (!record || codePointCount(body) > limits.bodyLength) return false;
      const wasTooLong = record.failure?.code === tooLong.code;
      kept.change(id, { body, ...(wasTooLong && { failure: undefined }) });
      return true;
    },

    linkOf: links.linkOf,

    ready() {
      tellAbandoned();
      turns.update();
    },
    flush: sender.flush,
    lineLost() {
      sender.lineLost();
      turns.letGo();
      links.lineLost();
      if (onTheWay().length > 0) onChange();
    },
    uploading: sender.uploading,
    uploaded: sender.uploaded,
    link: links.told,

    refused(part, frame) {
      const id = ownerOfPart(part);
      // What is in the outbox is a message: one that was acked, and that the log has lost, is there again.
      if (entryOf(id) || (!find(id) && !kept.isGone(id))) return false;
      sender.refused(part, frame);
      return true;
    },
    roomRefused: links.refused,

    lost(id) {
      const record = kept.get(id);
      const known = progress.of(id);
      if (!record?.prepared || known.losses >= mostLosses) return false;
      known.losses += 1;
      known.have = 0;
      void takeBack(record);
      return true;
    },
    settled: forget,

    heard(word) {
      if (word.kind === 'uploads') return void tidy();
      if (!kept.get(word.id)) return;
      progress.heard(word.id, word.have);
      onChange();
    },

    async clear() {
      for (const record of onTheWay()) abandon(record);
      tellAbandoned();
      toForget.clear();
      turns.letGo();
      await kept.clear();
      pictures.hideAll();
    },

    becameAnother: () => progress.beginAnew(kept.all().map(({ id }) => id)),

    stop() {
      isStopped = true;
      turns.letGo();
      sender.lineLost();
      links.lineLost();
      pictures.hideAll();
      outside.stop();
    },
  };
}
