/**
 * The messages of one room in the order that the log gave them: contiguous by sequence, each once.
 * Pure. What comes too early, beyond a hole, is held back until the hole is filled, so nothing is
 * ever shown out of order or with something missing in between.
 *
 * A timeline is used up by what is appended to it: its list of messages grows in place, as a room of
 * 100,000 cannot be copied for every one that comes.
 */
import type { LoggedMessage, Position } from '../protocol/message';

export interface Timeline {
  /** Which log the sequence numbers belong to; undefined until the first page has come. */
  readonly epoch: string | undefined;
  /** Contiguous and ascending. Only this module adds to it. */
  readonly messages: LoggedMessage[];
  /** Messages of a later place than the next one, by sequence. */
  readonly held: ReadonlyMap<number, LoggedMessage>;
}

/** A page as the server hands it out. */
export interface TimelinePage {
  readonly epoch: string;
  readonly messages: readonly LoggedMessage[];
}

export const emptyTimeline: Timeline = { epoch: undefined, messages: [], held: new Map() };

/** Where a reader of this timeline stands; undefined before the first page. */
export function positionOf({ epoch, messages }: Timeline): Position | undefined {
  if (epoch === undefined) return undefined;
  const last = messages.at(-1);
  return { epoch, seq: last?.seq ?? 0, mid: last?.mid ?? '' };
}

/** The message at a place, if it is here. */
export function messageAt({ messages }: Timeline, seq: number): LoggedMessage | undefined {
  const [first] = messages;
  return first && messages[seq - first.seq];
}

/** There are messages before the oldest one here. */
export function hasOlder({ messages }: Timeline): boolean {
  const [first] = messages;
  return first !== undefined && first.seq > 1;
}

/** Something is missing between what can be shown and what has come. */
export function hasGap(timeline: Timeline): boolean {
  return timeline.held.size > 0;
}

/** Starts anew with a page: the first one, or one from a log that has changed. */
export function startFrom(timeline: Timeline, page: TimelinePage): Timeline {
  const keepsHeld = timeline.epoch === undefined || timeline.epoch === page.epoch;
  const fresh = { epoch: page.epoch, messages: [...page.messages], held: new Map() };
  return keepsHeld ? append(fresh, [...timeline.held.values()]) : fresh;
}

/**
 * Adds messages that are new, live or from a page, in any order; repeats change nothing. The timeline
 * that was given is not to be read any more, but the same one is given back if nothing has changed.
 */
export function append(timeline: Timeline, batch: readonly LoggedMessage[]): Timeline {
  const { messages } = timeline;
  const countBefore = messages.length;
  let held = timeline.held;
  /** Copied once, if it changes at all. */
  let ownHeld: Map<number, LoggedMessage> | undefined;
  const changeHeld = () => {
    ownHeld ??= new Map(held);
    held = ownHeld;
    return ownHeld;
  };
  let next = nextSequence(timeline);
  for (const message of batch) {
    if (next === undefined || message.seq > next) changeHeld().set(message.seq, message);
    if (message.seq !== next) continue;
    messages.push(message);
    next += 1;
    for (let waiting = held.get(next); waiting; waiting = held.get(next)) {
      messages.push(waiting);
      changeHeld().delete(next);
      next += 1;
    }
  }
  const isChanged = messages.length > countBefore || held.size !== timeline.held.size;
  return isChanged ? { ...timeline, held } : timeline;
}

/** Puts a page of older messages in front. One that does not join on changes nothing. */
export function prepend(timeline: Timeline, page: TimelinePage): Timeline {
  const [first] = timeline.messages;
  if (!first || page.epoch !== timeline.epoch) return timeline;
  const older = page.messages.filter(({ seq }) => seq < first.seq);
  if (older.at(-1)?.seq !== first.seq - 1) return timeline;
  return { ...timeline, messages: [...older, ...timeline.messages] };
}

/** The sequence number that would join on; undefined while nothing can. */
function nextSequence({ epoch, messages }: Timeline): number | undefined {
  return epoch === undefined ? undefined : (messages.at(-1)?.seq ?? 0) + 1;
}
