/**
 * What became of the messages and broadcasts of one page while its network failed. Pure: from notes
 * and arrivals to figures.
 */
import type { PageNotes } from '../page/notebook';
import type { Arrival } from './benchServer';

export interface Observation {
  /** The notes of each life of the page: one, or two where it was reloaded. */
  lives: readonly PageNotes[];
  /** Messages below this number count. */
  countedTo: number;
  arrivals: readonly Arrival[];
  /** The texts that were broadcast and count. */
  broadcasts: readonly string[];
  /** Broadcast `b k` of this number or a later one was said after the fault's end. */
  saidAfterEndFrom: number;
  /** When the fault began and ended, in ms since 1970. */
  faultAt: number;
  endAt: number;
}

export interface Figures {
  lost: number;
  doubled: number;
  /** Messages at the server, and broadcasts on the page, that come after a later one. */
  reordered: number;
  missed: number;
  doubledBroadcasts: number;
  /** Messages that the client said it could not deliver. */
  told: number;
  /** Seconds from the fault's beginning until the client said that the line is lost; Infinity: never. */
  noticedS: number;
  /** Seconds from the fault's end until a message written after it was at the server. */
  sendsS: number;
  /** Seconds from the fault's end until a broadcast said after it was shown. */
  hearsS: number;
  /** WebSockets made since the fault began. */
  sockets: number;
}

export function figuresOf(observation: Observation): Figures {
  const { lives, countedTo, arrivals, broadcasts, saidAfterEndFrom, faultAt, endAt } = observation;
  const written = lives.flatMap((life) => life.written);
  const counted = written.map(({ n }) => n).filter((n) => n < countedTo);
  const arrived = arrivals.map(({ n }) => n).filter((n) => n < countedTo);
  const isArrived = new Set(arrived);
  const awaited = new Set(broadcasts);
  const shown = lives.map((life) => life.shown.filter((text) => awaited.has(text)));
  const isShown = new Set(shown.flat());
  const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0);

  const writtenAfter = new Set(written.filter(({ at }) => at >= endAt).map(({ n }) => n));
  const proof = arrivals.find(({ n }) => writtenAfter.has(n));
  const firstHeardAt = Math.min(
    ...lives
      .flatMap(({ seenAt }) => Object.entries(seenAt))
      .filter(([text]) => text.startsWith('b ') && Number(text.slice(2)) >= saidAfterEndFrom)
      .map(([, at]) => at),
  );
  const notice = lives
    .flatMap((life) => life.changes)
    .find(({ at, isUp }) => at >= faultAt && !isUp);
  return {
    lost: counted.filter((n) => !isArrived.has(n)).length,
    doubled: arrived.length - isArrived.size,
    reordered: backwardSteps(firstOnly(arrived)) + sum(shown.map(broadcastSteps)),
    missed: broadcasts.filter((text) => !isShown.has(text)).length,
    doubledBroadcasts: sum(shown.map((texts) => texts.length - new Set(texts).size)),
    told: sum(lives.map((life) => life.errors)),
    noticedS: notice ? (notice.at - faultAt) / 1_000 : Number.POSITIVE_INFINITY,
    sendsS: proof ? (proof.at - endAt) / 1_000 : Number.POSITIVE_INFINITY,
    hearsS: (firstHeardAt - endAt) / 1_000,
    sockets: lives.flatMap((life) => life.socketsAt).filter((at) => at >= faultAt).length,
  };
}

/** The line works again, both ways. */
export function isFlowing({ sendsS, hearsS }: Figures): boolean {
  return Math.max(sendsS, hearsS) !== Number.POSITIVE_INFINITY;
}

/** Nothing counted is missing any more, and the line works: there is nothing left to wait for. */
export function isComplete(figures: Figures): boolean {
  return figures.lost === 0 && figures.missed === 0 && isFlowing(figures);
}

/** What must be 0 in a chat, by name, where it is not. */
export function harmOf(figures: Figures): string[] {
  return harmEntries(figures)
    .filter(([, count]) => count !== 0)
    .map(([what, count]) => `${count} ${what}`);
}

/** All of that together. */
export function harmCount(figures: Figures): number {
  return harmEntries(figures).reduce((sum, [, count]) => sum + count, 0);
}

function harmEntries(figures: Figures): [string, number][] {
  const { lost, doubled, reordered, missed, doubledBroadcasts } = figures;
  return Object.entries({ lost, doubled, reordered, missed, doubledBroadcasts });
}

/** A second copy that comes late is counted as doubled, and does not break the order too. */
function firstOnly(numbers: readonly number[]): number[] {
  return [...new Set(numbers)];
}

function broadcastSteps(texts: readonly string[]): number {
  return backwardSteps(firstOnly(texts.map((text) => Number(text.slice(2)))));
}

function backwardSteps(numbers: readonly number[]): number {
  return numbers.filter((number, index) => number < (numbers[index - 1] ?? number)).length;
}
