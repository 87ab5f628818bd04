/** How far each file is, as this page knows it and forgets with it; and how often that is told, here and elsewhere. */
import type { Time } from '../connection/ports';
import type { OutboxShare } from './outboxEntry';
import type { UploadRecord } from './uploadRecord';

/** How often, in ms, it is told how far a file is: here, and to the other pages. */
const tellEveryMs = 100;
const tellOthersEveryMs = 500;

/** What another page has said it is sending is taken to be on its way for so long, in ms. */
const wordHoldsMs = 10_000;

export interface Progress {
  /** Bytes at the server. */
  have: number;
  /** When it last went on, in ms since 1970. */
  activeAt: number;
  /** How often the server has lost it when it had it whole. */
  losses: number;
  /** When another page said that it sends it. */
  heardAt: number;
}

export interface UploadProgressOptions {
  time: Time;
  share: Pick<OutboxShare, 'tell'>;
  record(id: string): UploadRecord | undefined;
  /** It is time to show how far they are. */
  onTell(): void;
}

export interface UploadProgress {
  of(id: string): Progress;
  /** This page has brought `have` bytes of it to the server. */
  went(id: string, have: number): void;
  /** Another page has said so of itself. */
  heard(id: string, have: number): void;
  /** Another page is taken to be sending it. */
  isSentElsewhere(id: string): boolean;
  /** No other page sends any of them. */
  tookOver(): void;
  /** The server has nothing of any of `ids`. */
  beginAnew(ids: readonly string[]): void;
  forget(id: string): void;
}

export function createUploadProgress(options: UploadProgressOptions): UploadProgress {
  const { time, share, record, onTell } = options;
  const known = new Map<string, Progress>();
  let toldAt = Number.NEGATIVE_INFINITY;
  let toldOthersAt = Number.NEGATIVE_INFINITY;

  function of(id: string): Progress {
    const found = known.get(id);
    if (found) return found;
    const { have = 0, at: activeAt = 0 } = record(id) ?? {};
    const begun = { have, activeAt, losses: 0, heardAt: Number.NEGATIVE_INFINITY };
    known.set(id, begun);
    return begun;
  }

  function tell(id: string, have: number) {
    const now = time.now();
    const isAll = have === record(id)?.prepared?.whole.size;
    if (isAll || now - toldOthersAt >= tellOthersEveryMs) {
      toldOthersAt = now;
      share.tell({ kind: 'uploading', id, have });
    }
    if (!isAll && now - toldAt < tellEveryMs) return;
    toldAt = now;
    onTell();
  }

  return {
    of,
    went(id, have) {
      const isNews = of(id).have !== have;
      Object.assign(of(id), { have, activeAt: time.now() });
      if (isNews) tell(id, have);
    },
    heard: (id, have) => void Object.assign(of(id), { have, heardAt: time.now() }),
    isSentElsewhere: (id) => time.now() - of(id).heardAt < wordHoldsMs,
    tookOver() {
      for (const each of known.values()) each.heardAt = Number.NEGATIVE_INFINITY;
    },
    beginAnew(ids) {
      for (const id of ids) of(id).have = 0;
    },
    forget: (id) => void known.delete(id),
  };
}
