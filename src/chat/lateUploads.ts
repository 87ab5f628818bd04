/**
 * Uploads for a page that loads fast: what does the work is fetched when a file is first attached or asked for, when
 * one is left over from an earlier visit, and when another page has begun one.
 */
import { noFiles } from './noFiles';
import type { Draft, OutboxEntry, UploadWord } from './outboxEntry';
import type { ChatActions } from './types';
import type { Uploads, UploadsOptions } from './uploadsContract';

/** Where what does the work comes from. */
export interface UploadSource {
  /** Something may be left over from an earlier visit. */
  mayBeKept(): boolean;
  /** What is left over is cleared before it is read, by whichever page does that. */
  clearLater(): void;
  load(): Promise<(options: UploadsOptions) => Uploads>;
}

export interface LateUploadsOptions extends UploadsOptions {
  replyTo(seq: number): Draft['about'];
  /** Resolves when the outbox has been read. */
  whenRead(): Promise<void>;
}

export interface LateUploads {
  readonly actions: Pick<ChatActions, 'attach' | 'pauseUpload' | 'continueUpload' | 'linkOf'>;
  /** What does the work, once it is there. */
  now(): Uploads | undefined;
  /** The outbox's entries and the uploads, as one list in the order of writing. */
  unsent(entries: readonly OutboxEntry[]): readonly OutboxEntry[];
  heard(word: UploadWord): void;
  /** Resolves when nothing is kept any more. */
  clear(): Promise<void>;
  start(): void;
  stop(): void;
}

/** `source` brings it, once. Where that fails it is asked again at the next need. */
export function createLateUploads(
  source: UploadSource | undefined,
  options: LateUploadsOptions,
): LateUploads {
  let uploads: Uploads | undefined;
  let loading: Promise<Uploads> | undefined;
  /** Counts starts: what was fetched for an earlier one is over. */
  let run = 0;

  async function bring(from: UploadSource): Promise<Uploads> {
    const current = run;
    const create = await from.load();
    await options.whenRead();
    if (current !== run) throw new Error('the page has gone on');
    uploads = create(options);
    await uploads.load();
    return uploads;
  }

  function need(): Promise<Uploads> {
    if (!source) return Promise.reject(new Error('no files can be had here'));
    const current = run;
    loading ??= bring(source).catch((error: unknown) => {
      if (current === run) loading = undefined;
      throw error;
    });
    return loading;
  }

  return {
    now: () => uploads,
    actions: {
      async attach(files, body, replyTo) {
        if (options.largestBytes() === undefined) return noFiles.attach(files, body);
        const about = replyTo === undefined ? undefined : options.replyTo(replyTo);
        return (await need()).attach(files, body, about);
      },
      pauseUpload: (id) => uploads?.pause(id),
      continueUpload: (id) => uploads?.goOn(id),
      async linkOf(seq, part, dead) {
        const { room } = options.current();
        return (await need()).linkOf(room, seq, part, dead);
      },
    },
    unsent(entries) {
      const known = uploads;
      if (!known) return entries;
      const arrived = entries.map((entry) =>
        entry.file && (entry.state === 'queued' || entry.state === 'sending')
          ? { ...entry, upload: known.arrivedState(entry.id) }
          : entry,
      );
      const onTheWay = known.entries();
      if (onTheWay.length === 0) return arrived;
      return [...arrived, ...onTheWay].sort((one, other) => (one.id < other.id ? -1 : 1));
    },
    heard(word) {
      if (uploads) uploads.heard(word);
      else need().catch(() => {});
    },
    async clear() {
      // Whoever leaves must not be kept by what cannot be fetched, nor leave files to the next of that name.
      if (uploads || source?.mayBeKept())
        await need().then((all) => all.clear(), source?.clearLater);
    },
    start() {
      run += 1;
      if (source?.mayBeKept()) need().catch(() => {});
    },
    stop() {
      run += 1;
      loading = undefined;
      uploads?.stop();
      uploads = undefined;
    },
  };
}
