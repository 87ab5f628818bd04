/**
 * The message log in memory: for tests, and for who wants to leave nothing behind. Durable as long as
 * the process is.
 */
import type { LoggedMessage } from '../../protocol/frames';
import { type Appended, LogUnavailableError, type MessageLog, type PageLimit } from './log';
import { cutPage } from './page';

/** `epoch` names this log: another one must have another. */
export function createMemoryLog(epoch: string): MessageLog {
  const rooms = new Map<string, LoggedMessage[]>();
  /** The first answer for each author and id. */
  const answers = new Map<string, Appended>();
  let isClosed = false;

  const messagesOf = (room: string): LoggedMessage[] => {
    if (isClosed) throw new LogUnavailableError('the log is closed');
    return rooms.get(room) ?? [];
  };

  return {
    async append({ room, from, id, mid, body, at }) {
      const messages = messagesOf(room);
      const key = `${from.id} ${id}`;
      const first = answers.get(key);
      if (first) return { ...first, dup: true };
      const seq = messages.length + 1;
      messages.push({ seq, mid, id, from, body, at });
      rooms.set(room, messages);
      const answer: Appended = { epoch, room, seq, mid, at, dup: false };
      answers.set(key, answer);
      return answer;
    },
    async head(room) {
      const last = messagesOf(room).at(-1);
      return { epoch, seq: last?.seq ?? 0, mid: last?.mid ?? '' };
    },
    async after(room, seq, limit) {
      const messages = messagesOf(room);
      const mid = seq === 0 ? '' : messages[seq - 1]?.mid;
      return { ...page(messages, messages.slice(seq), limit, 'oldest first'), mid };
    },
    async before(room, seq, limit) {
      const messages = messagesOf(room);
      return page(messages, messages.slice(0, Math.max(0, seq - 1)), limit, 'newest first');
    },
    async check() {
      messagesOf('');
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
