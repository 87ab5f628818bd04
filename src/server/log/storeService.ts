/**
 * The thread's side of the SQLite log: does with the store what comes over the channel. Whatever has
 * queued up while the last transaction was synced to disk becomes one transaction (group commit).
 */
import * as v from 'valibot';
import type { Channel } from './sqliteLog';
import type { SqliteStore } from './sqliteStore';
import {
  type AppendRequest,
  type StoreReply,
  type StoreRequest,
  storeRequest,
} from './storeMessages';

/** Serves until the store is closed. `soon` calls back once all that has come is taken. */
export function serveSqliteStore(
  store: SqliteStore,
  channel: Channel,
  soon: (callback: () => void) => void,
): void {
  let queue: StoreRequest[] = [];
  channel.onMessage((message) => {
    if (queue.length === 0) soon(serveQueue);
    queue.push(v.parse(storeRequest, message));
  });

  function serveQueue() {
    const requests = queue;
    queue = [];
    let appends: AppendRequest[] = [];
    for (const request of requests) {
      if (request.call === 'appendAll') {
        appends.push(request);
      } else {
        appendTogether(appends);
        appends = [];
        answer([request], () => [read(request)]);
      }
    }
    appendTogether(appends);
  }

  function appendTogether(group: AppendRequest[]) {
    if (group.length === 0) return;
    answer(group, () => {
      const answers = store.appendAll(group.flatMap(({ drafts }) => drafts));
      return group.map(({ drafts }) => answers.splice(0, drafts.length));
    });
  }

  function answer(requests: StoreRequest[], work: () => unknown[]) {
    let reply: (n: number, index: number) => StoreReply;
    try {
      const results = work();
      reply = (n, index) => ({ n, result: results[index] });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      reply = (n) => ({ n, error: reason });
    }
    for (const [index, { n }] of requests.entries()) channel.post(reply(n, index));
  }

  function read(request: Exclude<StoreRequest, AppendRequest>): unknown {
    switch (request.call) {
      case 'head':
        return store.head(request.room);
      case 'after':
        return store.after(request.room, request.seq, request.limit);
      case 'before':
        return store.before(request.room, request.seq, request.limit);
      case 'midAt':
        return store.midAt(request.room, request.seq);
      case 'close':
        return store.close();
    }
  }
}
