/**
 * What a page remembers of the rooms that it has read, so that they can be read before the server answers, or
 * without one. It is a picture of an earlier visit: the server is asked for the room all the same.
 */
import type { Cancel, Time } from '../connection/ports';
import type { LoggedMessage } from '../protocol/message';
import type { User } from '../protocol/user';
import type { Timeline } from './timeline';

/** The end of a room, as it was. */
export interface KeptPage {
  /** Who read it. */
  readonly me: User;
  readonly epoch: string;
  /** Contiguous and ascending. */
  readonly messages: readonly LoggedMessage[];
  /** When that was, in ms since 1970. */
  readonly at: number;
}

/** Pages of one user's rooms. Where the browser gives no storage, every call rejects. */
export interface PageStorage {
  load(room: string): Promise<KeptPage | undefined>;
  /** Takes the place of what was kept of the room, unless that is the same log, and further on. */
  save(room: string, page: KeptPage): Promise<void>;
  remove(room: string): Promise<void>;
  clear(): Promise<void>;
}

export interface KeptPages {
  /** What is kept of a room; undefined where nothing is, or where it cannot be read. */
  load(room: string): Promise<KeptPage | undefined>;
  /** A room that was read has changed: it is kept anew before long. */
  changed(room: string, read: () => Timeline): void;
  /** Forgets a room. */
  forget(room: string): void;
  /** Forgets everything, and keeps nothing any more. */
  clear(): Promise<void>;
  /** Keeps at once what is due. */
  flush(): void;
}

export interface KeptPagesOptions {
  storage: PageStorage;
  time: Time;
  me(): User;
}

/** How much of a room is kept: no more than so many messages, and than so many UTF-16 units of text. */
export const keptMessages = 200;
export const keptLength = 200_000;

/** How long what has changed is gathered, in ms: a busy room is not written down for each message. */
const saveAfterMs = 2_000;

export function createKeptPages({ storage, time, me }: KeptPagesOptions): KeptPages {
  const due = new Map<string, { read(): Timeline; cancel: Cancel }>();
  let isCleared = false;

  function save(room: string) {
    const waiting = due.get(room);
    if (!waiting) return;
    due.delete(room);
    waiting.cancel();
    const { epoch, messages } = waiting.read();
    if (epoch === undefined || me().id === '') return;
    const page = { me: me(), epoch, messages: endOf(messages), at: time.now() };
    // Without it the room is read from the server, as ever.
    storage.save(room, page).catch(() => {});
  }

  function drop(room: string) {
    due.get(room)?.cancel();
    due.delete(room);
  }

  return {
    load: (room) => storage.load(room).catch(() => undefined),
    changed(room, read) {
      if (isCleared || due.has(room)) return;
      due.set(room, { read, cancel: time.after(saveAfterMs, () => save(room)) });
    },
    forget(room) {
      drop(room);
      storage.remove(room).catch(() => {});
    },
    async clear() {
      isCleared = true;
      for (const room of [...due.keys()]) drop(room);
      await storage.clear().catch(() => {});
    },
    flush() {
      for (const room of [...due.keys()]) save(room);
    },
  };
}

/** The latest messages, as many as are kept, without the texts of deleted ones. */
export function endOf(messages: readonly LoggedMessage[]): readonly LoggedMessage[] {
  let length = 0;
  let from = messages.length;
  while (from > 0 && messages.length - from < keptMessages) {
    length += messages[from - 1]?.body.length ?? 0;
    if (length > keptLength) break;
    from -= 1;
  }
  return withoutDeleted(messages.slice(from));
}

/** The server's files hold no text of what was deleted, and neither does what is kept here. */
function withoutDeleted(messages: readonly LoggedMessage[]): readonly LoggedMessage[] {
  const deletions = messages.filter(({ about }) => about?.kind === 'delete');
  if (deletions.length === 0) return messages;
  const isDeleted = (seq: number, author: string) =>
    deletions.some(({ about, from }) => about?.seq === seq && from.id === author);
  return messages.map((message) => {
    const { seq, about, from } = message;
    const isText = about === undefined || about.kind === 'reply';
    const place = about?.kind === 'edit' ? about.seq : isText ? seq : undefined;
    return place !== undefined && isDeleted(place, from.id) ? { ...message, body: '' } : message;
  });
}
