/**
 * A message log whose messages hold the bytes of their files: from before a message is appended, so that no
 * crash leaves one without them, until it is deleted. What a crash or a failure leaves in doubt is found out
 * later, from the log (`settleDoubts.ts`).
 */
import { BlobRefusedError, type BlobStore } from '../../blobs/blobs';
import {
  type Appended,
  type Draft,
  LogUnavailableError,
  type MessageLog,
  MessageRefusedError,
} from '../../log/log';
import type { Files } from './files';

interface Waiting {
  /** Settles when the last of them has had its turn. */
  last: Promise<void>;
  /** Counts what was not stored of this user's since the first of them began to wait. */
  failures: number;
}

const isDeletion = ({ about }: Draft) => about?.kind === 'delete';

/** `onError` is told of what should not have happened; the message is in the log all the same. */
export function holdFiles(
  log: MessageLog,
  files: Pick<Files, 'blobs'>,
  onError: (error: unknown) => void,
): MessageLog {
  /** For each user what waits for the bytes of a message: what they write behind it must not overtake it. */
  const preparing = new Map<string, Waiting>();
  /** Messages with files that are on their way into the log. */
  let underWay = 0;

  /** Nobody waits for what comes after the append: until it is done the message is in doubt. */
  function afterwards(work: (blobs: BlobStore) => Promise<void>) {
    const fail = (error: unknown) => {
      if (!(error instanceof BlobRefusedError)) onError(error);
    };
    void files.blobs().then(work).catch(fail);
  }

  async function prepare({ mid, room, at, from, about, file }: Draft): Promise<void> {
    const blobs = await files.blobs();
    if (!file) return blobs.doubt(about?.mid ?? '');
    const sha256s = [file.sha256, ...(file.preview ? [file.preview.sha256] : [])];
    const isThere = await blobs.hold(sha256s, { mid, room, at, userId: from.id });
    // Forgotten in this moment: whoever sends it again is told so.
    if (!isThere) throw new LogUnavailableError('the bytes of the file are not there any more');
  }

  function appended({ mid, about, file }: Draft, answer: Appended) {
    if (file) {
      if (answer.mid !== mid) afterwards((blobs) => blobs.release(mid));
      return afterwards((blobs) => blobs.keep(answer.mid, answer.seq));
    }
    // A repeated id may have been that of another message: then nothing was deleted.
    if (about && !answer.dup) afterwards((blobs) => blobs.release(about.mid));
  }

  function failed({ mid, file }: Draft, why: unknown) {
    if (file && why instanceof MessageRefusedError) afterwards((blobs) => blobs.release(mid));
  }

  /** What the same user wrote behind it, and waits, fails as well, or it would be stored first. */
  function noteFailure({ from }: Draft, why: unknown) {
    const waiting = preparing.get(from.id);
    if (waiting && !(why instanceof MessageRefusedError)) waiting.failures += 1;
  }

  function appendNow(draft: Draft): Promise<Appended> {
    const asked = log.append(draft);
    asked.catch((why: unknown) => noteFailure(draft, why));
    return asked;
  }

  /** Every answer takes as many turns as its neighbours', so that they stay in the order of the log. */
  const append = (draft: Draft, isHolding: boolean) => {
    if (!isHolding)
      return underWay > 0 ? appendNow(draft).then((answer) => answer) : appendNow(draft);
    underWay += 1;
    return appendNow(draft).then(
      (answer) => {
        underWay -= 1;
        appended(draft, answer);
        return answer;
      },
      (error: unknown) => {
        underWay -= 1;
        failed(draft, error);
        throw error;
      },
    );
  };

  function appendInTurn(draft: Draft, isHolding: boolean) {
    return new Promise<Appended>((resolve, reject) => {
      const user = draft.from.id;
      const waiting = preparing.get(user) ?? { last: Promise.resolve(), failures: 0 };
      const { failures } = waiting;
      const turn = waiting.last
        .then(() => (isHolding ? prepare(draft) : undefined))
        .then(() => {
          if (waiting.failures > failures) throw notStoredBefore();
          void append(draft, isHolding).then(resolve, reject);
        })
        .catch((error: unknown) => {
          noteFailure(draft, error);
          reject(isAway(error) ? new LogUnavailableError(error.message) : error);
        })
        .then(() => {
          if (waiting.last === turn) preparing.delete(user);
        });
      waiting.last = turn;
      preparing.set(user, waiting);
    });
  }

  return {
    ...log,
    append(draft) {
      const isHolding = draft.file !== undefined || isDeletion(draft);
      if (!isHolding && !preparing.has(draft.from.id)) return append(draft, false);
      return appendInTurn(draft, isHolding);
    },
  };
}

const notStoredBefore = () =>
  new LogUnavailableError('what was written before it was not stored yet');

/** The storage of files is away, or full. */
const isAway = (error: unknown): error is BlobRefusedError => error instanceof BlobRefusedError;
