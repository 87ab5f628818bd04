/**
 * The message log in memory: for tests, and for who wants to leave nothing behind. Durable as long as
 * the process is.
 */
import { type AboutSent, isText } from '../../protocol/about';
import type { LoggedMessage } from '../../protocol/message';
import { whyRefused } from './annotations';
import {
  type Appended,
  type Draft,
  LogUnavailableError,
  type MessageLog,
  MessageRefusedError,
  type PageLimit,
} from './log';
import { cutPage } from './page';

interface RoomLog {
  /** A message that changes is another object: pages that were given out stay as they are. */
  readonly messages: LoggedMessage[];
  /** How many texts there are up to each of them. */
  readonly texts: number[];
  /** Where the latest edit of a message is, by their sequence numbers. */
  readonly edits: Map<number, number>;
}

const emptyRoom = (): RoomLog => ({ messages: [], texts: [], edits: new Map() });

/** `epoch` names this log: another one must have another. */
export function createMemoryLog(epoch: string): MessageLog {
  const rooms = new Map<string, RoomLog>();
  /** The first answer for each author and id. */
  const answers = new Map<string, Appended>();
  let isClosed = false;

  const roomOf = (room: string): RoomLog => {
    if (isClosed) throw new LogUnavailableError('the log is closed');
    return rooms.get(room) ?? emptyRoom();
  };

  return {
    async append(draft) {
      const room = roomOf(draft.room);
      const key = `${draft.from.id} ${draft.id}`;
      const first = answers.get(key);
      if (first) return { ...first, dup: true };
      const { about, mid, at } = draft;
      if (about) refuseUnlessAllowed(room, draft, about);
      const message = add(room, draft);
      rooms.set(draft.room, room);
      if (about) change(room, message, about);
      const answer: Appended = { epoch, room: draft.room, seq: message.seq, mid, at, dup: false };
      answers.set(key, answer);
      return answer;
    },
    async head(room) {
      const { messages, texts } = roomOf(room);
      const last = messages.at(-1);
      return { epoch, seq: last?.seq ?? 0, mid: last?.mid ?? '', texts: texts.at(-1) ?? 0 };
    },
    async textsUpTo(room, seq) {
      const { texts } = roomOf(room);
      return texts[Math.min(seq, texts.length) - 1] ?? 0;
    },
    async after(room, seq, limit) {
      const { messages } = roomOf(room);
      const mid = seq === 0 ? '' : messages[seq - 1]?.mid;
      return { ...page(messages, messages.slice(seq), limit, 'oldest first'), mid };
    },
    async before(room, seq, limit) {
      const { messages } = roomOf(room);
      return page(messages, messages.slice(0, Math.max(0, seq - 1)), limit, 'newest first');
    },
    async check() {
      roomOf('');
    },
    async close() {
      isClosed = true;
    },
  };

  function page(
    all: LoggedMessage[],
    candidates: LoggedMessage[],
    limit: PageLimit,
    order: 'oldest first' | 'newest first',
  ) {
    const inOrder = order === 'oldest first' ? candidates : candidates.toReversed();
    const { messages, more } = cutPage(inOrder, limit);
    const ascending = order === 'oldest first' ? messages : messages.reverse();
    return { epoch, head: all.length, messages: ascending, more };
  }
}

function refuseUnlessAllowed({ messages }: RoomLog, { from }: Draft, about: AboutSent): void {
  const target = messages[about.seq - 1];
  const refused = whyRefused(
    from.id,
    about,
    target && {
      mid: target.mid,
      author: target.from.id,
      about: target.about,
      isDeleted: target.deleted !== undefined,
    },
  );
  if (refused) throw new MessageRefusedError(refused);
}

function add({ messages, texts }: RoomLog, draft: Draft): LoggedMessage {
  const { mid, id, from, body, at, about, file, cut } = draft;
  const message: LoggedMessage = { seq: messages.length + 1, mid, id, from, body, at };
  if (about) message.about = { kind: about.kind, seq: about.seq };
  if (file) message.file = file;
  if (cut) message.cut = cut;
  messages.push(message);
  texts.push((texts.at(-1) ?? 0) + (isText(about) ? 1 : 0));
  return message;
}

/** Does to the message that `entry` is about what it says. */
function change({ messages, edits }: RoomLog, entry: LoggedMessage, { kind, seq }: AboutSent) {
  if (kind !== 'edit' && kind !== 'delete') return;
  const put = (place: number | undefined, fields: Partial<LoggedMessage>) => {
    const message = place === undefined ? undefined : messages[place - 1];
    if (message) messages[message.seq - 1] = changed(message, fields);
  };
  put(edits.get(seq), { body: '' });
  if (kind === 'delete') return put(seq, { body: '', deleted: entry.at });
  edits.set(seq, entry.seq);
  put(seq, { body: entry.body, edited: entry.at });
}

/** The message with other fields. Its text is another: nobody broke off there, and none has no file either. */
function changed({ cut: _, ...message }: LoggedMessage, fields: Partial<LoggedMessage>) {
  const next = { ...message, ...fields };
  if (next.deleted !== undefined) delete next.file;
  return next;
}
