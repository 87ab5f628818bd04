/**
 * What a page under test notes down of its client, the same for every library, and how the benchmark
 * steers it: through `window.bench`. All times are ms since 1970.
 */
export interface PageNotes {
  /** When each WebSocket was made. */
  readonly socketsAt: readonly number[];
  /** When the client said that it is connected, or is no longer. */
  readonly changes: readonly { at: number; isUp: boolean }[];
  /** The messages that the page was asked to send, by number. */
  readonly written: readonly { n: number; at: number }[];
  /** The broadcasts that the client handed on, in the order in which they are shown. */
  readonly shown: readonly string[];
  /** When each of them was first seen. */
  readonly seenAt: Readonly<Record<string, number>>;
  /** How many messages the client said it could not deliver. */
  readonly errors: number;
  /** When a timer of one second, which the browser may throttle, has fired. */
  readonly ticksAt: readonly number[];
}

export interface BenchHandle {
  notes(): PageNotes;
  /**
   * Writes message `from`, `from + 1`, ... up to `to` (not included), one every 100 ms; then, to prove
   * that the line works, one a second from `proofFrom` on.
   */
  write(from: number, to: number): void;
  /** Writes no more. Returns the notes as they stand. */
  stop(): PageNotes;
}

declare global {
  interface Window {
    bench: BenchHandle;
    /** Kept by the page itself. */
    socketsAt: number[];
  }
}

/** The side of the notebook that a client writes to. */
export interface Notebook {
  up(): void;
  down(): void;
  show(text: string): void;
  /** For a client that keeps the list itself: all that it shows now. */
  showAll(list: readonly string[]): void;
  /** The client says that it cannot deliver this. */
  failed(text: string): void;
  /** How the client sends a text. */
  sendWith(send: (text: string) => void): void;
}

/** Messages from this number on are not counted, they only prove that the line works. */
export const proofFrom = 1_000;

const writeEveryMs = 100;
const proveEveryMs = 1_000;

/** Opens a notebook as `window.bench`. */
export function openNotebook(): Notebook {
  const changes: { at: number; isUp: boolean }[] = [];
  const written: { n: number; at: number }[] = [];
  let errors = 0;
  let shown: readonly string[] = [];
  const seenAt: Record<string, number> = {};
  const ticksAt: number[] = [];
  const proofs = new Set<string>();
  let send: (text: string) => void = () => {};
  let timer = 0;

  setInterval(() => ticksAt.push(Date.now()), 1_000);

  function write(n: number) {
    const text = `m ${n}`;
    written.push({ n, at: Date.now() });
    if (n >= proofFrom) proofs.add(text);
    send(text);
  }
  function change(isUp: boolean) {
    if (changes.at(-1)?.isUp !== isUp) changes.push({ at: Date.now(), isUp });
  }
  function showAll(list: readonly string[]) {
    shown = list;
    for (const text of list) seenAt[text] ??= Date.now();
  }
  const notes = (): PageNotes => ({
    socketsAt: window.socketsAt,
    changes,
    written,
    shown,
    seenAt,
    errors,
    ticksAt,
  });

  window.bench = {
    notes,
    write(from, to) {
      const startedAt = performance.now();
      let next = from;
      window.clearInterval(timer);
      timer = window.setInterval(() => {
        const due = from + Math.floor((performance.now() - startedAt) / writeEveryMs);
        for (; next < to && next <= due; next += 1) write(next);
        if (next < to) return;
        window.clearInterval(timer);
        let proof = proofFrom;
        timer = window.setInterval(() => write(proof++), proveEveryMs);
      }, 10);
    },
    stop() {
      window.clearInterval(timer);
      return notes();
    },
  };
  return {
    up: () => change(true),
    down: () => change(false),
    show: (text) => showAll([...shown, text]),
    showAll,
    failed(text) {
      if (!proofs.has(text)) errors += 1;
    },
    sendWith(sendText) {
      send = sendText;
    },
  };
}
