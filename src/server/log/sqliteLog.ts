/**
 * The SQLite log off the main thread: the port's engine, which has its store at the other end of a
 * message channel (`storeService.ts`). Appends of one turn travel together. What the store cannot do
 * comes back as a LogUnavailableError with the reason.
 */
import * as v from 'valibot';
import { type Appended, type Draft, LogUnavailableError, type MessageLog } from './log';
import { type StoreRequest, storeReply, storeResults } from './storeMessages';

/** One end of a channel to the other thread; messages arrive in order, as structured clones. */
export interface Channel {
  post(message: unknown): void;
  /** Calls `receive` for every message that arrives. */
  onMessage(receive: (message: unknown) => void): void;
}

/** The other end, and what happens when it dies. */
export interface SqliteThread extends Channel {
  /** Calls `died` once if the thread ends before it was asked to. */
  onDeath(died: (reason: string) => void): void;
  terminate(): Promise<void>;
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

interface WaitingAppend {
  draft: Draft;
  resolve(answer: Appended): void;
  reject(error: unknown): void;
}

/** A request as its caller knows it, before it gets its number. */
type Call<Request = StoreRequest> = Request extends StoreRequest ? Omit<Request, 'n'> : never;

export function createSqliteLog(thread: SqliteThread): MessageLog {
  const waiting = new Map<number, Waiting>();
  let calls = 0;
  let unusable: string | undefined;
  /** Appends of this turn, which leave together at its end. */
  let batch: WaitingAppend[] = [];

  thread.onMessage((message) => {
    const reply = v.parse(storeReply, message);
    const caller = waiting.get(reply.n);
    waiting.delete(reply.n);
    if ('error' in reply) caller?.reject(new LogUnavailableError(reply.error));
    else caller?.resolve(reply.result);
  });
  thread.onDeath((reason) => {
    unusable = reason;
    for (const { reject } of waiting.values()) reject(new LogUnavailableError(reason));
    waiting.clear();
  });

  /** Whatever is called goes behind the appends that came before it. */
  function call<Schema extends v.GenericSchema>(
    request: Call,
    result: Schema,
  ): Promise<v.InferOutput<Schema>> {
    sendBatch();
    return post(request, result);
  }

  function post<Schema extends v.GenericSchema>(
    request: Call,
    result: Schema,
  ): Promise<v.InferOutput<Schema>> {
    if (unusable) return Promise.reject(new LogUnavailableError(unusable));
    calls += 1;
    const n = calls;
    return new Promise<unknown>((resolve, reject) => {
      waiting.set(n, { resolve, reject });
      thread.post({ ...request, n });
    }).then((value) => v.parse(result, value));
  }

  function sendBatch() {
    if (batch.length === 0) return;
    const sent = batch;
    batch = [];
    const drafts = sent.map(({ draft }) => draft);
    post({ call: 'appendAll', drafts }, storeResults.appendAll).then(
      (answers) => {
        for (const [index, { resolve, reject }] of sent.entries()) {
          const answer = answers[index];
          if (answer) resolve(answer);
          else reject(new LogUnavailableError('the store did not answer for every message'));
        }
      },
      (error: unknown) => {
        for (const { reject } of sent) reject(error);
      },
    );
  }

  return {
    append: (draft) =>
      new Promise((resolve, reject) => {
        if (batch.length === 0) queueMicrotask(sendBatch);
        batch.push({ draft, resolve, reject });
      }),
    head: (room) => call({ call: 'head', room }, storeResults.head),
    after: (room, seq, limit) => call({ call: 'after', room, seq, limit }, storeResults.page),
    before: (room, seq, limit) => call({ call: 'before', room, seq, limit }, storeResults.page),
    midAt: (room, seq) => call({ call: 'midAt', room, seq }, storeResults.midAt),
    async close() {
      const closed = call({ call: 'close' }, storeResults.close);
      unusable ??= 'the log is closed';
      await closed.finally(thread.terminate);
    },
  };
}
