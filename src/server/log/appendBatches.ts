/**
 * Group commit: while one batch of messages is being made durable, those that come gather, and leave
 * together when it is answered. The busier a log is, the more messages share a commit. Where a batch cannot be
 * stored, what has gathered behind it is not tried either: it would overtake, as all of it is sent again.
 */
import { type Appended, type Draft, MessageRefusedError } from './log';
import type { StoreAnswer } from './storeMessages';

/** An answer, or why there is none though there are others: rooms may be kept in several places. */
export type BatchAnswer = StoreAnswer | { failure: unknown };

export interface AppendBatchesOptions {
  /** Stores all of each room in one step, in order, or nothing; rejects with the reason if that is all. */
  appendAll(drafts: readonly Draft[]): Promise<readonly BatchAnswer[]>;
  /** Calls back once all that has come is taken: what came together then leaves together. */
  soon?: ((callback: () => void) => void) | undefined;
  /** Told of every batch: why it was not stored, or undefined if it was. */
  onStored?: ((failure: string | undefined) => void) | undefined;
}

export interface AppendBatches {
  /** Resolves, or is refused, in the order of the calls. */
  append(draft: Draft): Promise<Appended>;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
}

/** What one transaction holds at most: everything waits for a longer one. */
const maxBatchMessages = 1_024;
/** In UTF-16 units of text, over which a batch goes by one message at most. */
const maxBatchLength = 1_000_000;

interface WaitingAppend {
  draft: Draft;
  resolve(answer: Appended): void;
  reject(error: unknown): void;
}

export function createAppendBatches(options: AppendBatchesOptions): AppendBatches {
  const { appendAll, soon = queueMicrotask, onStored = () => {} } = options;
  let gathered: WaitingAppend[] = [];
  /** Running while there is anything to append. */
  let appending: Promise<void> | undefined;

  async function appendGathered() {
    await new Promise<void>((resolve) => soon(resolve));
    while (gathered.length > 0) await appendBatch(takeBatch());
    appending = undefined;
  }

  function takeBatch(): WaitingAppend[] {
    let messages = 0;
    let length = 0;
    for (const { draft } of gathered) {
      if (messages >= maxBatchMessages || length >= maxBatchLength) break;
      messages += 1;
      length += draft.body.length;
    }
    const batch = gathered.slice(0, messages);
    gathered = gathered.slice(messages);
    return batch;
  }

  async function appendBatch(batch: readonly WaitingAppend[]) {
    try {
      const answers = await appendAll(batch.map(({ draft }) => draft));
      const failed = answers.find((answer) => 'failure' in answer);
      onStored(failed && reasonOf(failed.failure));
      const failedRooms = new Map(
        answers.flatMap((answer, index) =>
          'failure' in answer ? [[batch[index]?.draft.room, answer.failure] as const] : [],
        ),
      );
      for (const [index, answer] of answers.entries()) {
        if ('failure' in answer) batch[index]?.reject(answer.failure);
        else if ('refused' in answer) batch[index]?.reject(new MessageRefusedError(answer.refused));
        else batch[index]?.resolve(answer);
      }
      if (failed) rejectGathered(failedRooms);
    } catch (error) {
      onStored(reasonOf(error));
      for (const { reject } of [...batch, ...gathered.splice(0)]) reject(error);
    }
  }

  function rejectGathered(failedRooms: ReadonlyMap<string | undefined, unknown>) {
    const behind = gathered.filter(({ draft }) => failedRooms.has(draft.room));
    gathered = gathered.filter(({ draft }) => !failedRooms.has(draft.room));
    for (const { draft, reject } of behind) reject(failedRooms.get(draft.room));
  }

  return {
    append: (draft) =>
      new Promise((resolve, reject) => {
        gathered.push({ draft, resolve, reject });
        appending ??= appendGathered();
      }),
    settled: async () => appending,
  };
}

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
