/**
 * Turns the timeline and the outbox into one list as people see it: what the log has, in its order,
 * then what is being written, and what is still one's own alone. Edits, deletions and reactions are no rows of their own: they
 * show at the message that they are about. A message that did not change stays the same object, so that
 * its row need not be drawn again; and what is new costs as much as it is, however long the room.
 */
import type { LoggedMessage } from '../protocol/message';
import { type Annotations, annotate, createAnnotations, isReaction, isText } from './annotations';
import type { LiveMessage } from './liveRows';
import {
  changeOf,
  isSameRow,
  liveRow,
  loggedRow,
  type Source,
  shownFile,
  textOf,
  unsentRow,
} from './messageRow';
import type { OutboxEntry } from './outboxEntry';
import type { ChatMessage, Quoted, User } from './types';

export interface MessageView {
  /**
   * The list, the same one if nothing has changed. `logged` is contiguous and ascending; what is the
   * same objects as the last time is not looked at again.
   */
  compose(
    logged: readonly LoggedMessage[],
    unsent: readonly OutboxEntry[],
    me: User,
    live?: readonly LiveMessage[],
  ): readonly ChatMessage[];
  /** Takes a message that is quoted and lies before what is loaded, for the next list. */
  quote(message: LoggedMessage): void;
  /** The message for people at a place, as the log has it and as it was last shown. */
  textAt(seq: number): ShownText | undefined;
  /** A message of the log as people see it, loaded or not. */
  rowOf(message: LoggedMessage): ChatMessage;
  /** The place of a message of one's own in what was last shown. */
  ownPlaceOf(id: string): number | undefined;
}

export interface ShownText {
  readonly message: LoggedMessage;
  readonly row: ChatMessage;
}

export function createMessageView(room: string): MessageView {
  let viewer: User = { id: '', name: '' };
  /** What was taken in: where it begins, where it ends, and how much it is. */
  let known: { first: LoggedMessage; last: LoggedMessage; count: number } | undefined;
  /** Messages for people, and the row of each. */
  let texts: LoggedMessage[] = [];
  let rows: ChatMessage[] = [];
  let annotations = new Map<number, Annotations>();
  /** What is about places before the loaded ones, in the order of the log. */
  let waiting = new Map<number, LoggedMessage[]>();
  /** The places of the messages that answer each place. */
  let answers = new Map<number, number[]>();
  let ownPlaces = new Map<string, number>();
  const quotes = new Map<number, LoggedMessage>();
  /** One's own unsent changes and reactions, by the place that they are about. */
  let pending = new Map<number, OutboxEntry[]>();
  let tail: ChatMessage[] = [];
  let list: readonly ChatMessage[] = [];
  /** Places whose row may say something else by now, and those of which quotes may. */
  const stale = new Set<number>();
  const staleQuotes = new Set<number>();
  let isChanged = false;

  function forget() {
    known = undefined;
    texts = [];
    rows = [];
    annotations = new Map();
    waiting = new Map();
    answers = new Map();
    ownPlaces = new Map();
    stale.clear();
    staleQuotes.clear();
    isChanged = true;
  }

  function forgetLog() {
    forget();
    quotes.clear();
  }

  /** The index of the first text at `seq` or after it. */
  function indexFrom(seq: number): number {
    let low = 0;
    let high = texts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((texts[middle]?.seq ?? 0) < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function findText(seq: number): LoggedMessage | undefined {
    const found = texts[indexFrom(seq)];
    return found?.seq === seq ? found : undefined;
  }

  function sourceOf(message: LoggedMessage): Source {
    const isOwn = message.from.id === viewer.id;
    return {
      message,
      annotations: annotations.get(message.seq),
      pending: (pending.get(message.seq) ?? []).filter(
        (entry) => entry.about?.mid === message.mid && (isOwn || isReaction(entry)),
      ),
    };
  }

  function quotedAt(seq: number): Quoted {
    const message = findText(seq) ?? quotes.get(seq);
    if (!message) return { seq };
    const { body, deleted } = textOf(sourceOf(message));
    const file = deleted === undefined && message.file ? shownFile(message.file) : undefined;
    return { seq, author: message.from, body, deleted, ...(file && { file }) };
  }

  const quotedBy = ({ about }: Pick<OutboxEntry, 'about'> | LoggedMessage | LiveMessage) =>
    about?.kind === 'reply' ? quotedAt(about.seq) : undefined;

  const rowOf = (message: LoggedMessage) => loggedRow(sourceOf(message), viewer, quotedBy(message));

  function annotateAll(target: LoggedMessage, entries: readonly LoggedMessage[] = []) {
    if (entries.length === 0) return;
    const notes = annotations.get(target.seq) ?? createAnnotations();
    for (const entry of entries) annotate(notes, target, entry);
    annotations.set(target.seq, notes);
    stale.add(target.seq);
    // What came in between may quote the text of in between.
    if (!entries.every(isReaction)) staleQuotes.add(target.seq);
  }

  function noteDown(message: LoggedMessage) {
    if (message.from.id === viewer.id) ownPlaces.set(message.id, message.seq);
    if (message.about?.kind !== 'reply') return;
    const places = answers.get(message.about.seq);
    if (places) places.push(message.seq);
    else answers.set(message.about.seq, [message.seq]);
  }

  /** What joins on behind: entries about what is loaded count at once. */
  function takeNewer(message: LoggedMessage, firstSeq: number) {
    noteDown(message);
    const { about } = message;
    if (about === undefined || isText(message)) {
      texts.push(message);
      rows.push(rowOf(message));
      isChanged = true;
      return;
    }
    if (about.seq >= message.seq) return;
    const target = findText(about.seq) ?? quotes.get(about.seq);
    if (target) annotateAll(target, [message]);
    if (about.seq >= firstSeq) return;
    const others = waiting.get(about.seq);
    if (others) others.push(message);
    else waiting.set(about.seq, [message]);
  }

  /** What joins on in front: nothing in it is about what was loaded before, only the other way round. */
  function takeOlder(older: readonly LoggedMessage[]) {
    const olderTexts = older.filter(isText);
    const entries = new Map<number, LoggedMessage[]>();
    for (const message of older) {
      noteDown(message);
      if (isText(message) || !message.about || message.about.seq >= message.seq) continue;
      const others = entries.get(message.about.seq);
      if (others) others.push(message);
      else entries.set(message.about.seq, [message]);
    }
    for (const [seq, each] of entries) waiting.set(seq, [...each, ...(waiting.get(seq) ?? [])]);
    texts = olderTexts.concat(texts);
    for (const message of olderTexts) {
      annotations.delete(message.seq);
      quotes.delete(message.seq);
      annotateAll(message, waiting.get(message.seq));
      waiting.delete(message.seq);
      if (answers.has(message.seq)) staleQuotes.add(message.seq);
    }
    rows = olderTexts.map(rowOf).concat(rows);
    isChanged = true;
  }

  function takeIn(logged: readonly LoggedMessage[]) {
    const [first] = logged;
    const last = logged.at(-1);
    if (!first || !last) {
      if (known) forgetLog();
      return;
    }
    const olderCount = known ? known.first.seq - first.seq : 0;
    const continues =
      known &&
      logged[olderCount] === known.first &&
      logged[olderCount + known.count - 1] === known.last;
    if (known && !continues) forgetLog();
    const takenCount = known ? olderCount + known.count : 0;
    if (known && olderCount > 0) takeOlder(logged.slice(0, olderCount));
    for (let index = takenCount; index < logged.length; index += 1) {
      const message = logged[index];
      if (message) takeNewer(message, first.seq);
    }
    known = { first, last, count: logged.length };
  }

  /** Own changes and reactions by what they are about; a place where these are others now is stale. */
  function sortPending(unsent: readonly OutboxEntry[]) {
    const next = new Map<number, OutboxEntry[]>();
    for (const entry of unsent) {
      if (entry.room !== room || !entry.about || isText(entry)) continue;
      const others = next.get(entry.about.seq);
      if (others) others.push(entry);
      else next.set(entry.about.seq, [entry]);
    }
    for (const [seq, entries] of next) {
      const before = pending.get(seq) ?? [];
      if (entries.length !== before.length || entries.some((each, at) => each !== before[at])) {
        stale.add(seq);
      }
    }
    for (const seq of pending.keys()) if (!next.has(seq)) stale.add(seq);
    pending = next;
  }

  function refresh(seq: number) {
    const index = indexFrom(seq);
    const message = texts[index];
    const before = rows[index];
    if (message?.seq !== seq || !before) return;
    const row = rowOf(message);
    if (isSameRow(row, before)) return;
    rows[index] = row;
    isChanged = true;
    if (row.body !== before.body || row.deleted !== before.deleted) staleQuotes.add(seq);
  }

  function refreshStale() {
    for (const seq of stale) refresh(seq);
    stale.clear();
    const quoting = new Set([...staleQuotes].flatMap((seq) => answers.get(seq) ?? []));
    staleQuotes.clear();
    for (const seq of quoting) refresh(seq);
    // A quote has the text of what it quotes, and nothing that it quotes in turn.
    staleQuotes.clear();
  }

  /** It can be shown at the message that it is about. */
  function hasTarget({ about }: OutboxEntry): boolean {
    const target = about && findText(about.seq);
    return target !== undefined && target.mid === about?.mid;
  }

  function rowOfUnsent(entry: OutboxEntry): ChatMessage[] {
    if (isText(entry)) return [unsentRow(entry, viewer, quotedBy(entry))];
    const change = changeOf([entry]);
    // A change that failed is shown even where its message is not, or nobody could decide about it.
    const isLost = change?.state === 'failed' && !hasTarget(entry);
    return isLost ? [unsentRow(entry, viewer, undefined, change)] : [];
  }

  function composeTail(live: readonly LiveMessage[], unsent: readonly OutboxEntry[]) {
    if (live.length + unsent.length + tail.length === 0) return;
    const keyOf = ({ author, id }: ChatMessage) => `${author.id} ${id}`;
    const before = new Map(tail.map((row) => [keyOf(row), row]));
    const own = unsent.filter((entry) => entry.room === room).flatMap(rowOfUnsent);
    const ownIds = new Set(own.map(({ id }) => id));
    const next = live
      .map((each) => liveRow(each, viewer, quotedBy(each)))
      // The end of it that waits here says more.
      .filter(({ mine, id }) => !(mine && ownIds.has(id)))
      .concat(own)
      .map((row) => {
        const known = before.get(keyOf(row));
        return known && isSameRow(known, row) ? known : row;
      });
    const isSame = next.length === tail.length && next.every((row, index) => row === tail[index]);
    if (isSame) return;
    tail = next;
    isChanged = true;
  }

  return {
    compose(logged, unsent, me, live = []) {
      if (me.id !== viewer.id || me.name !== viewer.name || me.tag !== viewer.tag) {
        viewer = me;
        forget();
      }
      takeIn(logged);
      const own = unsent.filter(({ id }) => !ownPlaces.has(id));
      sortPending(own);
      refreshStale();
      composeTail(live, own);
      if (isChanged) list = tail.length > 0 ? rows.concat(tail) : rows.slice();
      isChanged = false;
      return list;
    },
    quote(message) {
      if (!isText(message) || findText(message.seq)) return;
      quotes.set(message.seq, message);
      annotations.delete(message.seq);
      annotateAll(message, waiting.get(message.seq));
      staleQuotes.add(message.seq);
    },
    textAt(seq) {
      const index = indexFrom(seq);
      const message = texts[index];
      const row = rows[index];
      return message?.seq === seq && row ? { message, row } : undefined;
    },
    rowOf(message) {
      const index = indexFrom(message.seq);
      const isLoaded = texts[index]?.mid === message.mid;
      return (isLoaded ? rows[index] : undefined) ?? rowOf(message);
    },
    ownPlaceOf: (id) => ownPlaces.get(id),
  };
}
