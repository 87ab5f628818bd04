/**
 * The open pages of one user, as the browser knows them: a Web Lock is a claim, which ends with its
 * page however that ends, and a BroadcastChannel carries word from page to page. A page that holds a
 * claim and answers nothing stands still, as a frozen tab does: its claim is taken away.
 *
 * Web Locks need a secure context. Without them a page sends what it finds when its line opens, whoever
 * wrote it, and the server's dedupe alone keeps a message single.
 */
import * as v from 'valibot';
import type { Cancel, Time } from '../connection/ports';
import type { OutboxShare, ShareMessage } from './outboxEntry';

const channelMessage = v.variant('kind', [
  v.object({ kind: v.literal('stored') }),
  v.object({ kind: v.literal('removed'), id: v.string() }),
  v.object({ kind: v.literal('acked'), id: v.string(), seq: v.optional(v.number()) }),
  v.object({ kind: v.literal('uploads') }),
  v.object({ kind: v.literal('uploading'), id: v.string(), have: v.number() }),
  v.object({ kind: v.literal('signed out') }),
  /** Is this page still moving? */
  v.object({ kind: v.literal('are you there'), page: v.string() }),
  v.object({ kind: v.literal('here'), page: v.string() }),
]);
type ChannelMessage = v.InferOutput<typeof channelMessage>;

/** The part of a BroadcastChannel that is used here. */
export interface Channel {
  postMessage(message: unknown): void;
  onmessage: ((event: MessageEvent<unknown>) => void) | null;
  close(): void;
}

export interface OutboxShareOptions {
  /** Whose outbox it is: a server and a name. */
  owner: string;
  /** The name of this page. No other has it. */
  page: string;
  time: Time;
  locks?: Pick<LockManager, 'request'> | undefined;
  openChannel?: (name: string) => Channel | undefined;
}

/** How long a claim is waited for before its page is asked whether it still moves, in ms. */
const patienceMs = 5_000;

/** What the answer may take, in ms. */
const answerTimeoutMs = 3_000;

export function createOutboxShare(options: OutboxShareOptions): OutboxShare {
  const { owner, page, time, locks = browserLocks(), openChannel = openBroadcast } = options;
  const name = `heartline outbox ${owner}`;
  const listeners = new Set<(message: ShareMessage) => void>();
  /** Called for each page that has just shown that it moves. */
  const watchers = new Set<(page: string) => void>();
  let channel: Channel | undefined;
  /** This page holds the claim on the uploads. */
  let sendsUploads = false;

  const post = (message: ChannelMessage) => channel?.postMessage(message);

  function receive({ data }: MessageEvent<unknown>) {
    const parsed = v.safeParse(channelMessage, data);
    if (!parsed.success) return;
    const message = parsed.output;
    if (message.kind === 'are you there') {
      const isHere = message.page === page || (message.page === 'uploads' && sendsUploads);
      if (isHere) post({ kind: 'here', page: message.page });
    } else if (message.kind === 'here') {
      for (const watcher of [...watchers]) watcher(message.page);
    } else {
      for (const listener of [...listeners]) listener(message);
    }
  }

  /** Asks the page, again and again, whether it moves; says so once if it does not. */
  function watch(other: string, onStill: () => void): Cancel {
    let cancelTimer = time.after(patienceMs, ask);
    function ask() {
      cancelTimer = time.after(answerTimeoutMs, () => {
        watchers.delete(heard);
        onStill();
      });
      post({ kind: 'are you there', page: other });
    }
    function heard(mover: string) {
      if (mover !== other) return;
      cancelTimer();
      cancelTimer = time.after(patienceMs, ask);
    }
    watchers.add(heard);
    return () => {
      watchers.delete(heard);
      cancelTimer();
    };
  }

  return {
    page,
    tell: post,
    listen(onMessage) {
      listeners.add(onMessage);
      if (!channel) {
        channel = openChannel(name);
        if (channel) channel.onmessage = receive;
      }
      return () => {
        listeners.delete(onMessage);
        if (listeners.size > 0) return;
        channel?.close();
        channel = undefined;
      };
    },
    claim(claimed, onHeld, onTaken = () => {}) {
      const isOwn = claimed === page || claimed === 'sign-in' || claimed === 'uploads';
      if (!locks) {
        // Nobody can say whether another page still sends what is its own.
        if (isOwn) onHeld();
        return () => {};
      }
      const lock = `${name} ${claimed}`;
      const waiting = new AbortController();
      let isOver = false;
      let isHeld = false;
      let release: () => void = () => {};
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      let unwatch: Cancel = () => {};

      const request = (how: LockOptions) =>
        locks
          .request(lock, how, () => {
            if (isOver || isHeld) return undefined;
            isHeld = true;
            if (claimed === 'uploads') sendsUploads = true;
            unwatch();
            onHeld();
            return released;
          })
          .catch((error: unknown) => {
            if (isOver) return;
            // Taken away by another page.
            if (isHeld) {
              if (claimed === 'uploads') sendsUploads = false;
              return onTaken();
            }
            // Where the browser refuses locks altogether a page does without.
            if (!isAbort(error) && isOwn) onHeld();
          });

      void request({ signal: waiting.signal });
      if (claimed !== page) unwatch = watch(claimed, () => void request({ steal: true }));
      return () => {
        if (claimed === 'uploads' && isHeld && !isOver) sendsUploads = false;
        isOver = true;
        unwatch();
        waiting.abort();
        release();
      };
    },
    claimIfFree: (claimed) =>
      new Promise((resolve) => {
        if (!locks) return resolve(() => {});
        void locks
          .request(`${name} ${claimed}`, { ifAvailable: true }, (lock) => {
            if (!lock) return resolve(undefined);
            return new Promise<void>((release) => resolve(release));
          })
          .catch(() => resolve(undefined));
      }),
  };
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

function browserLocks(): LockManager | undefined {
  return globalThis.navigator?.locks;
}

function openBroadcast(name: string): Channel | undefined {
  return globalThis.BroadcastChannel && new BroadcastChannel(name);
}
