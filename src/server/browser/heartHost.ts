/**
 * Hosts the chat's heart in this browser: stands for election, starts the heart once it is in charge, and
 * joins the ports of pages to it. When a newer one comes it sends everybody away, to reload; what was acked
 * is in IndexedDB by then, and what was not is in the pages' outboxes.
 */
import type { Random, Time } from '../../connection/ports';
import { type CloseCode, closeCodes } from '../../protocol/closeCodes';
import { type Candidacy, type Channel, standForElection } from './election';
import { type Heart, startHeart } from './heart';
import { holdLock, type Locks } from './lockWatch';
import { openPortLink, type PortLine } from './portLink';
import { type PageMessage, type Port, readPageMessage, type StorageState } from './portMessages';
import { randomId } from './randomId';

/** `outdated`: a newer one is in charge. `robbed`: one of the same version was made to be, by a person. */
export type Standing = 'candidate' | 'in charge' | 'waiting' | 'outdated' | 'robbed';

export interface HeartHostOptions {
  /** Servers of different pages on one origin have different names, and nothing in common. */
  name: string;
  /** The higher one is the newer one. */
  rank: number;
  time: Time;
  random: Random;
  locks: Locks | undefined;
  openChannel(name: string): Channel | undefined;
  /** Pages find it by its address, each version another: it neither waits for one of its own age nor comes back. */
  isShared: boolean;
  onStanding?(standing: Standing): void;
  onError(error: unknown): void;
}

export interface HeartHost {
  /** Joins a page that asks for a line on this port. */
  take(port: Port): void;
  /** Takes the place of another server of the same version. */
  insist(): void;
  /** Sends everybody away and lets go of everything. */
  close(): Promise<void>;
}

interface Waiting {
  readonly port: Port;
  readonly open: Extract<PageMessage, { t: 'open' }>;
}

export function hostHeart(options: HeartHostOptions): HeartHost {
  const { name, time, random, locks, isShared, onStanding = () => {}, onError } = options;
  let standing: Standing = 'candidate';
  let storage: StorageState | undefined;
  let heart: Heart | undefined;
  /** Counts hearts: what is heard of an earlier one is no news. */
  let generation = 0;
  let isClosed = false;
  let waiting: Waiting[] = [];
  const lines = new Set<PortLine>();
  let lineCount = 0;

  const lifeName = `heartline heart ${randomId()}`;
  let lifeLock: string | undefined;
  const endLife = holdLock(locks, lifeName, (isHeld) => {
    lifeLock = isHeld ? lifeName : undefined;
    stand();
  });
  let candidacy: Candidacy | undefined;

  function stand() {
    if (isClosed) return;
    candidacy = standForElection({
      ...options,
      name: `heartline server ${name}`,
      onElected() {
        become('in charge');
        beat();
      },
      onOutdated() {
        become('outdated');
        joinWaiting();
      },
      onWaiting() {
        if (isShared) candidacy?.insist();
        else become('waiting');
      },
      async onReplaced(why) {
        const isForGood = isShared || why === 'outdated';
        become(isForGood ? 'outdated' : why);
        await stop(isForGood ? closeCodes.reloadNeeded : closeCodes.draining);
      },
    });
  }

  function become(next: Standing) {
    standing = next;
    onStanding(next);
  }

  function beat() {
    generation += 1;
    const current = generation;
    startHeart({
      databaseName: `heartline server ${name}`,
      time,
      random,
      onError,
      onStorage(state) {
        if (current === generation) tellStorage(state);
      },
      onGone(why) {
        if (current === generation) void replaceHeart(why);
      },
    }).then(
      (started) => {
        if (current !== generation) return void started.end(closeCodes.logUnavailable);
        heart = started;
        joinWaiting();
      },
      (error: unknown) => {
        onError(error);
        if (current === generation) beatLater();
      },
    );
  }

  /** What is kept is gone from under the heart: another one begins with what is there now. */
  async function replaceHeart(why: 'closed' | 'newer') {
    if (why === 'newer') {
      become('outdated');
      return stop(closeCodes.reloadNeeded);
    }
    await stop(closeCodes.logUnavailable);
    if (!isClosed && standing === 'in charge') beat();
  }

  function beatLater() {
    time.after(retryMs, () => {
      if (standing === 'in charge' && !heart && !isClosed) beat();
    });
  }

  async function stop(why: CloseCode) {
    generation += 1;
    const stopped = heart;
    heart = undefined;
    joinWaiting();
    await stopped?.end(why).catch(onError);
  }

  function tellStorage(state: StorageState) {
    storage = state;
    for (const line of lines) line.tell({ t: 'storage', state });
    for (const { port } of waiting) port.postMessage({ t: 'storage', state });
  }

  function joinWaiting() {
    if (!heart && standing !== 'outdated') return;
    const joining = waiting;
    waiting = [];
    for (const each of joining) join(each);
  }

  function join({ port, open }: Waiting) {
    if (storage) port.postMessage({ t: 'storage', state: storage });
    if (!heart) return refuse(port);
    lineCount += 1;
    const line = openPortLink(port, open, {
      address: `page ${lineCount}`,
      heartLock: lifeLock,
      locks,
      accept: heart.accept,
      onEnd() {
        if (line) lines.delete(line);
      },
    });
    if (line) lines.add(line);
  }

  return {
    take(port) {
      port.onmessage = ({ data }) => {
        const open = readPageMessage(data);
        if (typeof open !== 'object' || open.t !== 'open') return port.close();
        waiting.push({ port, open });
        if (storage) port.postMessage({ t: 'storage', state: storage });
        joinWaiting();
      };
    },
    insist: () => candidacy?.insist(),
    async close() {
      isClosed = true;
      await stop(closeCodes.draining);
      candidacy?.withdraw();
      endLife();
    },
  };
}

/** How long after a heart that could not be started another one is, in ms. */
const retryMs = 2_000;

/** Lets the page in and sends it away at once: only who is in hears why. */
function refuse(port: Port): void {
  const { code, reason } = closeCodes.reloadNeeded;
  port.postMessage({ t: 'open' });
  port.postMessage({ t: 'close', code, reason });
  port.onmessage = () => port.close();
}
