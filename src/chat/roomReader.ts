/**
 * Reads one room: asks for what was missed, merges it with what comes live, and pages through what is
 * older. It remembers what it has asked for on this line, so that a hole is asked for once.
 */
import { armDeadline } from '../connection/deadline';
import type { Cancel, Time } from '../connection/ports';
import type { ClientFrame, ServerFrameOf } from '../protocol/frames';
import { limits } from '../protocol/limits';
import type { LoggedMessage, Position } from '../protocol/message';
import type { Repairs } from './inspection';
import {
  append,
  emptyTimeline,
  hasGap,
  hasOlder,
  messageAt,
  positionOf,
  prepend,
  startFrom,
  type Timeline,
  type TimelinePage,
} from './timeline';

export interface RoomReaderOptions {
  room: string;
  time: Time;
  /** Sends to the server; false if there is no line. */
  send(frame: ClientFrame): boolean;
  /** What was asked for does not come on this line. */
  onUnanswered(): void;
  /** Counts what is put right here. */
  repairs: Repairs;
  onChange(): void;
  /** The log is another one than before, or lost its tail: what was shown has been replaced. */
  onLogChanged(): void;
}

export interface RoomReader {
  /** What is known of the room: as the server says, or before it has, as it was kept. */
  timeline(): Timeline;
  /** Takes what was kept of the room at an earlier visit, until the server's first page is there. */
  restore(page: TimelinePage): void;
  /** The server has not said yet what is in the room. */
  isUnread(): boolean;
  /** Where to resume; undefined in a room that was not read yet. */
  position(): Position | undefined;
  /** The server has been asked, by `auth` or `join`, for a page of this room. */
  pageAsked(): void;
  /** The server does not let this page in: what was asked for will not come. */
  refused(): void;
  /**
   * The server cannot read the room just now, and sends no frame of this type: a `sync` comes by itself once it
   * can, a `history` has to be asked for again.
   */
  delayed(instead: string): void;
  /** The server could not read the room when it was last asked for the page. */
  isUnreadable(): boolean;
  /** The line is lost: nothing that was asked for on it will come. */
  lineLost(): void;
  message(frame: ServerFrameOf<'msg'>): void;
  page(frame: ServerFrameOf<'sync'>): void;
  older(frame: ServerFrameOf<'history'>): void;
  /** The room's head as the server says it: further than ours means that something was missed. */
  head(epoch: string, seq: number): void;
  /** Loads one page of older messages into the timeline. Ignored while one is under way. */
  loadOlder(): void;
  /**
   * Loads older messages until the one at `seq` is there. Rejects when the line is lost, when the room has
   * no such place, and when it changes on the way.
   */
  loadBackTo(seq: number): Promise<void>;
  /** One message from before the loaded ones, if the room has it. Rejects when the line is lost. */
  readOne(seq: number): Promise<LoggedMessage | undefined>;
  /** Every message from the first on, without changing the timeline. Rejects when the line is lost. */
  readAll(): Promise<readonly LoggedMessage[]>;
}

interface OlderRequest {
  resolve(frame: ServerFrameOf<'history'>): void;
  reject(error: Error): void;
}

export function createRoomReader({
  room,
  time,
  send,
  onUnanswered,
  repairs,
  onChange,
  onLogChanged,
}: RoomReaderOptions): RoomReader {
  let timeline = emptyTimeline;
  /** From an earlier visit. Nothing is resumed from it: what was missed since may be more than a page. */
  let restored: Timeline | undefined;
  let pageIsComing = false;
  /** It comes when the server can read the room, which may be long. */
  let isLate = false;
  let loadingOlder = false;
  /** Up to where something is known to be missing; undefined while nothing is. */
  let gapUpTo: number | undefined;
  /** Answers come in the order of the requests. */
  const olderRequests: OlderRequest[] = [];
  let cancelDeadline: Cancel = () => {};

  /** Each answer gives the next one its time. */
  function awaitAnswers() {
    cancelDeadline();
    if ((pageIsComing && !isLate) || olderRequests.length > 0)
      cancelDeadline = armDeadline(time, answerTimeoutMs, onUnanswered);
  }

  function becomeLate(next: boolean) {
    if (next === isLate) return;
    isLate = next;
    onChange();
  }

  function update(next: Timeline) {
    if (next === timeline) return;
    timeline = next;
    onChange();
  }

  /** Adds what came, and counts what was there already. */
  function take(messages: readonly LoggedMessage[]) {
    const countBefore = countOf(timeline);
    const next = append(timeline, messages);
    repairs.duplicatesDropped += messages.length - (countOf(next) - countBefore);
    const isRead = next.epoch !== undefined;
    if (isRead && hasGap(next)) missing(messages.at(-1)?.seq ?? 0);
    update(next);
    closeGap();
  }

  /** Something before `seq`, or that message itself, has not come. */
  function missing(seq: number) {
    if (gapUpTo === undefined) repairs.gapsFound += 1;
    gapUpTo = Math.max(gapUpTo ?? 0, seq);
  }

  function closeGap() {
    const position = positionOf(timeline);
    if (gapUpTo === undefined || !position || position.seq < gapUpTo) return;
    repairs.gapsFilled += 1;
    gapUpTo = undefined;
  }

  function askForPage() {
    const position = positionOf(timeline);
    if (pageIsComing || !position) return;
    pageIsComing = send({ t: 'sync', room, ...position });
    awaitAnswers();
  }

  function askForOlder(before: number, limit: number): Promise<ServerFrameOf<'history'>> {
    return new Promise((resolve, reject) => {
      const request = { resolve, reject };
      olderRequests.push(request);
      if (send({ t: 'history', room, before, limit })) return awaitAnswers();
      olderRequests.pop();
      reject(new Error('there is no line to the server'));
    });
  }

  /** What begins with a page, and goes back as far as `known` where that joins on. */
  function startWith(page: TimelinePage, known = timeline): Timeline {
    const first = startFrom(timeline, page);
    const [oldest] = page.messages;
    if (!oldest) return first;
    // Only where the page reaches back into it is all there that was done to what is known.
    const isSameLog = messageAt(known, oldest.seq)?.mid === oldest.mid;
    return isSameLog ? prepend(first, pageOf(known)) : first;
  }

  return {
    timeline: () => (timeline.epoch === undefined && restored ? restored : timeline),
    isUnread: () => timeline.epoch === undefined,
    restore(page) {
      if (timeline.epoch !== undefined || page.messages.length === 0) return;
      restored = startFrom(emptyTimeline, page);
      onChange();
    },
    position: () => positionOf(timeline),
    pageAsked() {
      pageIsComing = true;
      awaitAnswers();
    },
    refused() {
      pageIsComing = false;
      awaitAnswers();
    },
    delayed(instead) {
      if (instead === 'sync') becomeLate(true);
      else olderRequests.shift()?.reject(new Error('the room cannot be read just now'));
      awaitAnswers();
    },
    isUnreadable: () => isLate,
    lineLost() {
      pageIsComing = isLate = false;
      cancelDeadline();
      // What was held back comes again with the page, unless the log has lost it.
      timeline = { ...timeline, held: new Map() };
      for (const request of olderRequests.splice(0)) {
        request.reject(new Error('the line to the server was lost'));
      }
    },

    message(frame) {
      if (timeline.epoch !== undefined && frame.epoch !== timeline.epoch) return askForPage();
      take([frame]);
      if (hasGap(timeline)) askForPage();
    },

    page(frame) {
      pageIsComing = false;
      becomeLate(false);
      awaitAnswers();
      const isFirst = timeline.epoch === undefined;
      if (isFirst) update(startWith(frame, restored));
      else if (frame.reset) {
        // What was missing of another log is no hole in this one.
        gapUpTo = undefined;
        update(startWith(frame));
      } else take(frame.messages);
      restored = undefined;
      if (frame.reset) onLogChanged();
      if (frame.more || hasGap(timeline)) askForPage();
    },

    older(frame) {
      olderRequests.shift()?.resolve(frame);
      awaitAnswers();
    },

    head(epoch, seq) {
      const position = positionOf(timeline);
      if (!position || (epoch === position.epoch && seq <= position.seq)) return;
      if (epoch === position.epoch) missing(seq);
      askForPage();
    },

    loadOlder() {
      const [first] = timeline.messages;
      if (loadingOlder || !first || !hasOlder(timeline)) return;
      loadingOlder = true;
      askForOlder(first.seq, olderPageMessages)
        .then((page) => update(prepend(timeline, page)))
        // It could not be read, or the line is gone; whoever scrolls up again asks again.
        .catch(() => {})
        .finally(() => {
          loadingOlder = false;
        });
    },

    async loadBackTo(seq) {
      const { epoch } = timeline;
      const last = timeline.messages.at(-1);
      if (!last || seq > last.seq || seq < 1) throw new Error('the room has no such message');
      let [first] = timeline.messages;
      while (first && first.seq > seq) {
        const page = await askForOlder(first.seq, limits.pageMessages);
        update(prepend(timeline, page));
        const [next] = timeline.messages;
        const isFurther = next !== undefined && next.seq < first.seq;
        if (!isFurther || timeline.epoch !== epoch) throw changedMeanwhile();
        first = next;
      }
    },

    async readOne(seq) {
      const { epoch } = timeline;
      const page = await askForOlder(seq + 1, 1);
      const [found] = page.messages;
      return page.epoch === epoch && found?.seq === seq ? found : undefined;
    },

    async readAll() {
      const { epoch } = timeline;
      if (epoch === undefined) throw new Error('the room was not read yet');
      // What comes meanwhile joins on behind.
      const pages: (readonly LoggedMessage[])[] = [];
      let [first] = timeline.messages;
      while (first && first.seq > 1) {
        const page = await askForOlder(first.seq, limits.pageMessages);
        const joins = page.messages.at(-1)?.seq === first.seq - 1;
        if (!joins || page.epoch !== epoch || timeline.epoch !== epoch) throw changedMeanwhile();
        pages.push(page.messages);
        [first] = page.messages;
      }
      const older = pages.reverse().flat();
      const last = older.at(-1)?.seq ?? 0;
      return [...older, ...timeline.messages.filter(({ seq }) => seq > last)];
    },
  };
}

const countOf = ({ messages, held }: Timeline) => messages.length + held.size;

const changedMeanwhile = () => new Error('the room changed while it was read');

const pageOf = ({ epoch = '', messages }: Timeline): TimelinePage => ({ epoch, messages });

/** What a page may take to come, in ms; a slow network has lost its heartbeat before. */
const answerTimeoutMs = 15_000;

/** How many older messages are asked for at a time, by who scrolls. */
const olderPageMessages = 200;
