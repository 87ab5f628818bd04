/** The storage that the pages of one user share, and those pages, all in memory. */
import type { OutboxShare, OutboxStorage, ShareMessage, StoredEntry } from '../chat/outboxEntry';

export interface MemoryOutbox {
  readonly storage: OutboxStorage;
  readonly rows: ReadonlyMap<string, StoredEntry>;
  /** A page that knows of the others, until it dies. It is called back through `run`. */
  openPage(
    page: string,
    run?: (callback: () => void) => void,
  ): OutboxShare & { die(): void; takeAwayClaim(): void };
}

interface Claim {
  owner: string;
  onHeld(): void;
  onTaken(): void;
}

export function createMemoryOutbox(kept: readonly StoredEntry[] = []): MemoryOutbox {
  const rows = new Map(kept.map((entry) => [entry.id, entry]));
  const listeners = new Map<(message: ShareMessage) => void, string>();
  /** Who waits for each page's claim, in turn; the first one holds it. */
  const queues = new Map<string, Claim[]>();

  const storage: OutboxStorage = {
    load: async () => [...rows.values()],
    put: async (entry) => void rows.set(entry.id, entry),
    remove: async (id) => void rows.delete(id),
    async takeOver(from, to) {
      for (const [id, entry] of rows) if (entry.page === from) rows.set(id, { ...entry, page: to });
    },
    clear: async () => rows.clear(),
  };

  function leave(page: string, claim: Claim) {
    const queue = queues.get(page) ?? [];
    const wasFirst = queue[0] === claim;
    const rest = queue.filter((each) => each !== claim);
    queues.set(page, rest);
    if (wasFirst) hold(rest[0]);
  }

  /** As a lock is granted: in a turn of its own. */
  function hold(claim: Claim | undefined) {
    queueMicrotask(() => {
      const isFirst = [...queues.values()].some(([first]) => first === claim);
      if (claim && isFirst) claim.onHeld();
    });
  }

  return {
    storage,
    rows,
    openPage(owner, run = (callback) => callback()) {
      let isAlive = true;
      return {
        page: owner,
        tell(message) {
          for (const [listener, other] of [...listeners]) {
            if (isAlive && other !== owner) queueMicrotask(() => listener(message));
          }
        },
        listen(onMessage) {
          const listener = (message: ShareMessage) => run(() => onMessage(message));
          listeners.set(listener, owner);
          return () => listeners.delete(listener);
        },
        claim(page, onHeld, onTaken = () => {}) {
          const claim: Claim = { owner, onHeld: () => run(onHeld), onTaken: () => run(onTaken) };
          const queue = [...(queues.get(page) ?? []), claim];
          queues.set(page, queue);
          if (queue.length === 1) hold(claim);
          return () => leave(page, claim);
        },
        async claimIfFree(page) {
          if (queues.get(page)?.length) return undefined;
          const claim: Claim = { owner, onHeld: () => {}, onTaken: () => {} };
          queues.set(page, [claim]);
          return () => leave(page, claim);
        },
        die() {
          isAlive = false;
          for (const [listener, other] of [...listeners]) {
            if (other === owner) listeners.delete(listener);
          }
          for (const [page, queue] of [...queues]) {
            for (const claim of queue) if (claim.owner === owner) leave(page, claim);
          }
        },
        takeAwayClaim() {
          const [first] = queues.get(owner) ?? [];
          if (first) leave(owner, first);
          first?.onTaken();
        },
      };
    },
  };
}
