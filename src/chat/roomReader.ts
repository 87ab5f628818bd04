/**
 * Reads one room: asks for what was missed, merges it with what comes live, and pages through what is
 * older. It remembers what it has asked for on this line, so that a hole is asked for once.
 */
import type { ClientFrame, LoggedMessage, Position, ServerFrameOf } from '../protocol/frames';
import {
  append,
  emptyTimeline,
  hasGap,
  hasOlder,
  positionOf,
  prepend,
  startFrom,
  type Timeline,
} from './timeline';

export interface RoomReaderOptions {
  room: string;
  /** Sends to the server; false if there is no line. */
  send(frame: ClientFrame): boolean;
  onChange(): void;
  /** The log is another one than before, or lost its tail: what was shown has been replaced. */
  onLogChanged(): void;
}

export interface RoomReader {
  timeline(): Timeline;
  /** Where to resume; undefined in a room that was not read yet. */
  position(): Position | undefined;
  /** The server has been asked, by `auth` or `join`, for a page of this room. */
  pageAsked(): void;
  /** The line is lost: nothing that was asked for on it will come. */
  lineLost(): void;
  message(frame: ServerFrameOf<'msg'>): void;
  page(frame: ServerFrameOf<'sync'>): void;
  older(frame: ServerFrameOf<'history'>): void;
  /** The room's head as the server says it: further than ours means that something was missed. */
  head(epoch: string, seq: number): void;
  /** Loads one page of older messages into the timeline. Ignored while one is under way. */
  loadOlder(): void;
  /** Every message from the first on, without changing the timeline. Rejects when the line is lost. */
  readAll(): Promise<readonly LoggedMessage[]>;
}

interface OlderRequest {
  resolve(frame: ServerFrameOf<'history'>): void;
  reject(error: Error): void;
}

export function createRoomReader({
  room,
  send,
  onChange,
  onLogChanged,
}: RoomReaderOptions): RoomReader {
  let timeline = emptyTimeline;
  let pageIsComing = false;
  let loadingOlder = false;
  /** Answers come in the order of the requests. */
  const olderRequests: OlderRequest[] = [];

  function update(next: Timeline) {
    if (next === timeline) return;
    timeline = next;
    onChange();
  }

  function askForPage() {
    const position = positionOf(timeline);
    if (pageIsComing || !position) return;
    pageIsComing = send({ t: 'sync', room, ...position });
  }

  function askForOlder(before: number): Promise<ServerFrameOf<'history'>> {
    return new Promise((resolve, reject) => {
      const request = { resolve, reject };
      olderRequests.push(request);
      if (send({ t: 'history', room, before, limit: olderPageMessages })) return;
      olderRequests.pop();
      reject(new Error('there is no line to the server'));
    });
  }

  return {
    timeline: () => timeline,
    position: () => positionOf(timeline),
    pageAsked() {
      pageIsComing = true;
    },
    lineLost() {
      pageIsComing = false;
      // What was held back comes again with the page, unless the log has lost it.
      timeline = { ...timeline, held: new Map() };
      for (const request of olderRequests.splice(0)) {
        request.reject(new Error('the line to the server was lost'));
      }
    },

    message(frame) {
      if (timeline.epoch !== undefined && frame.epoch !== timeline.epoch) return askForPage();
      update(append(timeline, [frame]));
      if (hasGap(timeline)) askForPage();
    },

    page(frame) {
      pageIsComing = false;
      const isFirst = timeline.epoch === undefined;
      update(
        isFirst || frame.reset ? startFrom(timeline, frame) : append(timeline, frame.messages),
      );
      if (frame.reset) onLogChanged();
      if (frame.more || hasGap(timeline)) askForPage();
    },

    older(frame) {
      olderRequests.shift()?.resolve(frame);
    },

    head(epoch, seq) {
      const position = positionOf(timeline);
      if (position && (epoch !== position.epoch || seq > position.seq)) askForPage();
    },

    loadOlder() {
      const [first] = timeline.messages;
      if (loadingOlder || !first || !hasOlder(timeline)) return;
      loadingOlder = true;
      askForOlder(first.seq)
        .then((page) => update(prepend(timeline, page)))
        // The line is gone; whoever scrolls up again asks again.
        .catch(() => {})
        .finally(() => {
          loadingOlder = false;
        });
    },

    async readAll() {
      if (timeline.epoch === undefined) throw new Error('the room was not read yet');
      const all = [...timeline.messages];
      for (let first = all[0]; first && first.seq > 1; first = all[0]) {
        const page = await askForOlder(first.seq);
        if (page.messages.length === 0 || page.epoch !== timeline.epoch) {
          throw new Error('the room changed while it was read');
        }
        all.unshift(...page.messages);
      }
      const last = all.at(-1)?.seq ?? 0;
      return [...all, ...timeline.messages.filter(({ seq }) => seq > last)];
    },
  };
}

/** How many older messages are asked for at a time. */
const olderPageMessages = 200;
