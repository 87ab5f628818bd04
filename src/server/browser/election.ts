/**
 * One server in a browser at a time, and the newest: whoever would be it says when it was built. An older
 * one gives way to a newer one; one that is older than the one in charge learns that its page is out of
 * date; of two alike the second waits. The office is a Web Lock, which a crash frees as well.
 *
 * Without locks (no TLS) word of mouth alone decides, and an answer that does not come counts as nobody's.
 */
import * as v from 'valibot';
import type { Cancel, Time } from '../../connection/ports';
import type { Locks } from './lockWatch';

const electionMessage = v.variant('kind', [
  /** I would be in charge: who is? */
  v.object({ kind: v.literal('candidate'), rank: v.number() }),
  /** I am. */
  v.object({ kind: v.literal('in charge'), rank: v.number() }),
  /** From now on I am, of two alike, as a person wants it: where no lock can be taken away. */
  v.object({ kind: v.literal('insists'), rank: v.number() }),
  /** I no longer am. */
  v.object({ kind: v.literal('gone') }),
]);
type ElectionMessage = v.InferOutput<typeof electionMessage>;

/** The part of a BroadcastChannel that is used here. */
export interface Channel {
  postMessage(message: unknown): void;
  onmessage: ((event: MessageEvent<unknown>) => void) | null;
  close(): void;
}

export interface ElectionOptions {
  /** One office has one name. */
  name: string;
  /** The higher one is the newer one. */
  rank: number;
  time: Time;
  locks: Locks | undefined;
  openChannel(name: string): Channel | undefined;
  /** It is in charge from now on. */
  onElected(): void;
  /** A newer one is in charge: this one will never be. */
  onOutdated(): void;
  /** One of the same rank is in charge: this one waits until it is gone. */
  onWaiting(): void;
  /** A newer one is to be in charge, or one of the same rank that insists. Resolves when all is let go of. */
  onReplaced(why: 'outdated' | 'robbed'): Promise<void>;
}

export interface Candidacy {
  /** Takes the office from one of the same rank, which may stand still. */
  insist(): void;
  /** Gives the office up, or no longer wants it. */
  withdraw(): void;
}

/** What one in charge may take to answer, in ms: then it stands still, and the office is taken from it. */
const answerTimeoutMs = 3_000;

/** The same where there are no locks: mostly there is nobody. */
const unlockedAnswerTimeoutMs = 400;

export function standForElection(options: ElectionOptions): Candidacy {
  const { name, rank, time, locks } = options;
  const channel = options.openChannel(name);
  let standing: 'candidate' | 'waiting' | 'in charge' | 'over' = 'candidate';
  let cancelTimer: Cancel = () => {};
  const giveUp = new AbortController();
  let release: () => void = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });

  const post = (message: ElectionMessage) => channel?.postMessage(message);

  function end() {
    standing = 'over';
    cancelTimer();
    giveUp.abort();
    release();
    if (channel) channel.onmessage = null;
    channel?.close();
  }

  function elected() {
    if (standing === 'over' || standing === 'in charge') return;
    standing = 'in charge';
    cancelTimer();
    options.onElected();
    // Who waits learns whose answer to expect.
    post({ kind: 'in charge', rank });
  }

  function request(how: LockOptions) {
    locks
      ?.request(name, how, () => {
        if (standing === 'over') return undefined;
        elected();
        return released;
      })
      .catch(() => {
        // Taken by one that insisted; or the browser refuses locks, and word of mouth decides.
        if (standing === 'in charge') void replaced('robbed');
        else if (standing !== 'over' && !giveUp.signal.aborted) cancelTimer = listenFor();
      });
  }

  /** Waits for word of who is in charge; without any, nobody is, or one who stands still. */
  function listenFor(): Cancel {
    const timeoutMs = locks ? answerTimeoutMs : unlockedAnswerTimeoutMs;
    return time.after(timeoutMs, takeOffice);
  }

  function takeOffice() {
    if (locks) request({ steal: true });
    else elected();
  }

  async function replaced(why: 'outdated' | 'robbed') {
    standing = 'over';
    await options.onReplaced(why);
    post({ kind: 'gone' });
    end();
  }

  function receive(message: ElectionMessage) {
    switch (message.kind) {
      case 'candidate':
        if (standing !== 'in charge') return;
        if (message.rank > rank) return void replaced('outdated');
        return post({ kind: 'in charge', rank });
      case 'in charge':
        if (standing === 'in charge') {
          // Without locks both may have come in at once.
          if (message.rank > rank) void replaced('outdated');
          return;
        }
        return heardOf(message.rank);
      case 'insists':
        if (standing === 'in charge' && !locks) void replaced('robbed');
        return;
      case 'gone':
        if (!locks) elected();
    }
  }

  function heardOf(other: number) {
    cancelTimer();
    if (other > rank) {
      end();
      options.onOutdated();
    } else if (other === rank && standing === 'candidate') {
      standing = 'waiting';
      options.onWaiting();
    } else if (other < rank) {
      // It was elected after this one had asked.
      post({ kind: 'candidate', rank });
      cancelTimer = listenFor();
    }
  }

  if (channel) {
    channel.onmessage = ({ data }) => {
      const parsed = v.safeParse(electionMessage, data);
      if (parsed.success && standing !== 'over') receive(parsed.output);
    };
  }
  cancelTimer = listenFor();
  request({ signal: giveUp.signal });
  post({ kind: 'candidate', rank });

  return {
    insist() {
      if (standing === 'over' || standing === 'in charge') return;
      if (!locks) post({ kind: 'insists', rank });
      takeOffice();
    },
    withdraw() {
      if (standing === 'over') return;
      post({ kind: 'gone' });
      end();
    },
  };
}

export function openBroadcast(name: string): Channel | undefined {
  return globalThis.BroadcastChannel && new BroadcastChannel(name);
}
