/**
 * Group commit: while one batch of messages is being made durable, those that come gather, and leave
 * together when it is answered. The busier a log is, the more messages share a commit.
 */
import { type Appended, type Draft, MessageRefusedError, RoomUnavailableError } from './log';
import { reasonOf } from './reasonOf';
import type { StoreAnswer } from './storeMessages';

/** An answer, or why there is none though there are others: rooms may be kept in several places. */
export type BatchAnswer = StoreAnswer | { failure: unknown };

export interface AppendBatchesOptions {
  /** Stores all of each room in one step, in order, or nothing; rejects with the reason if that is all. */
  appendAll(drafts: readonly Draft[]): Promise<readonly BatchAnswer[]>;
  /** Calls back once all that has come is taken: what came together then leaves together. */
  soon?: ((callback: () => void) => void) | undefined;
  /** Told of every batch: why it was not stored, or undefined if it was. One damaged room is no reason. */
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
      const failures = answers.flatMap((answer) => ('failure' in answer ? [answer.failure] : []));
      const failure = failures.find((each) => !(each instanceof RoomUnavailableError));
      onStored(failure === undefined ? undefined : reasonOf(failure));
      const failed: WaitingAppend[] = [];
      for (const [index, answer] of answers.entries()) {
        const waiting = batch[index];
        if (!waiting) continue;
        if ('failure' in answer) {
          failed.push(waiting);
          waiting.reject(answer.failure);
        } else if ('refused' in answer) waiting.reject(new MessageRefusedError(answer.refused));
        else waiting.resolve(answer);
      }
      rejectBehind(failed, failures[0]);
    } catch (error) {
      onStored(reasonOf(error));
      for (const { reject } of batch) reject(error);
      rejectBehind(batch, error);
    }
  }

  /** What the same authors wrote behind them in the same rooms fails as well, or it would be stored first. */
  function rejectBehind(failed: readonly WaitingAppend[], error: unknown) {
    const writers = new Set(failed.map(writerOf));
    const behind = gathered.filter((each) => writers.has(writerOf(each)));
    gathered = gathered.filter((each) => !writers.has(writerOf(each)));
    for (const { reject } of behind) reject(error);
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

const writerOf = ({ draft: { from, room } }: WaitingAppend) => `${room} ${from.id}`;
