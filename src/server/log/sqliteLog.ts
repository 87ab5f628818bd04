/**
 * The SQLite log off the main thread: `createSqliteLog` is the port's engine, `serveSqliteStore` runs
 * the store at the other end of a message channel. Appends that come together travel together and
 * become one transaction, so that one sync to disk serves them all.
 */
import { type Appended, type Draft, LogUnavailableError, type MessageLog } from './log';
import type { SqliteStore } from './sqliteStore';

/** One end of a channel to the other thread; messages arrive in order, as structured clones. */
export interface Channel {
  post(message: unknown): void;
  /** Calls `receive` for every message that arrives. */
  onMessage(receive: (message: unknown) => void): void;
}

type StoreCall = {
  [Name in keyof SqliteStore]: { name: Name; args: Parameters<SqliteStore[Name]> };
}[keyof SqliteStore];
type Request = StoreCall & { n: number };
type Reply = { n: number } & ({ result: unknown } | { error: string });

/** The other end, and what happens when it dies. Both ends are of one build, so types are trusted. */
export interface SqliteThread extends Channel {
  /** Calls `died` once if the thread ends before it was asked to. */
  onDeath(died: (reason: string) => void): void;
  terminate(): Promise<void>;
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

export function createSqliteLog(thread: SqliteThread): MessageLog {
  const waiting = new Map<number, Waiting>();
  let calls = 0;
  let unusable: string | undefined;
  /** Appends of this turn, which leave together at its end. */
  let batch: { draft: Draft; waiting: Waiting }[] = [];

  thread.onMessage((message) => {
    const reply = message as Reply;
    const caller = waiting.get(reply.n);
    waiting.delete(reply.n);
    if ('error' in reply) caller?.reject(new LogUnavailableError(reply.error));
    else caller?.resolve(reply.result);
  });
  thread.onDeath(fail);

  function fail(reason: string) {
    unusable = reason;
    for (const { reject } of waiting.values()) reject(new LogUnavailableError(reason));
    waiting.clear();
  }

  function call<Name extends keyof SqliteStore>(
    name: Name,
    ...args: Parameters<SqliteStore[Name]>
  ): Promise<ReturnType<SqliteStore[Name]>> {
    if (unusable) return Promise.reject(new LogUnavailableError(unusable));
    calls += 1;
    const n = calls;
    return new Promise((resolve, reject) => {
      waiting.set(n, {
        resolve: (result) => resolve(result as ReturnType<SqliteStore[Name]>),
        reject,
      });
      thread.post({ n, name, args });
    });
  }

  function sendBatch() {
    const sent = batch;
    batch = [];
    call(
      'appendAll',
      sent.map(({ draft }) => draft),
    ).then(
      (answers) => {
        for (const [index, answer] of answers.entries()) sent[index]?.waiting.resolve(answer);
      },
      (error) => {
        for (const { waiting } of sent) waiting.reject(error);
      },
    );
  }

  return {
    append: (draft) =>
      new Promise<Appended>((resolve, reject) => {
        if (batch.length === 0) queueMicrotask(sendBatch);
        const answer = (result: unknown) => resolve(result as Appended);
        batch.push({ draft, waiting: { resolve: answer, reject } });
      }),
    head: (room) => call('head', room),
    after: (room, seq, limit) => call('after', room, seq, limit),
    before: (room, seq, limit) => call('before', room, seq, limit),
    midAt: (room, seq) => call('midAt', room, seq),
    async close() {
      await call('close');
      unusable = 'the log is closed';
      await thread.terminate();
    },
  };
}

/** Runs the store for whoever is at the other end. `soon` calls back once all that came is taken. */
export function serveSqliteStore(
  store: SqliteStore,
  channel: Channel,
  soon: (callback: () => void) => void,
): void {
  let queue: Request[] = [];
  channel.onMessage((message) => {
    if (queue.length === 0) soon(serveQueue);
    queue.push(message as Request);
  });

  function serveQueue() {
    const requests = queue;
    queue = [];
    for (let next = 0; next < requests.length; ) {
      const group = appendsFrom(requests, next);
      if (group.length > 1) appendTogether(group);
      else answerOne(requests[next]);
      next += Math.max(1, group.length);
    }
  }

  /** What has queued up while the last transaction was synced goes into one. */
  function appendTogether(group: AppendRequest[]) {
    answer(group, () => {
      const answers = store.appendAll(group.flatMap(({ args: [drafts] }) => drafts));
      return group.map(({ args: [drafts] }) => answers.splice(0, drafts.length));
    });
  }

  function answerOne(request: Request | undefined) {
    if (request) answer([request], () => [dispatch(request)]);
  }

  function answer(requests: Request[], work: () => unknown[]) {
    try {
      const results = work();
      for (const [index, { n }] of requests.entries()) channel.post({ n, result: results[index] });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      for (const { n } of requests) channel.post({ n, error: message });
    }
  }

  function dispatch(request: Request): unknown {
    switch (request.name) {
      case 'appendAll':
        return store.appendAll(...request.args);
      case 'head':
        return store.head(...request.args);
      case 'after':
        return store.after(...request.args);
      case 'before':
        return store.before(...request.args);
      case 'midAt':
        return store.midAt(...request.args);
      case 'close':
        return store.close();
    }
  }
}

type AppendRequest = Extract<Request, { name: 'appendAll' }>;

/** The appends in a row that begin at `start`. */
function appendsFrom(requests: Request[], start: number): AppendRequest[] {
  const group: AppendRequest[] = [];
  for (const request of requests.slice(start)) {
    if (request.name !== 'appendAll') break;
    group.push(request);
  }
  return group;
}
