/**
 * Pages of what was missed, as they are sent. After an outage everybody comes back from the same place: the
 * log is read once for all of them, and the page is built once.
 */
import { encode } from '../../../protocol/codec';
import type { Position } from '../../../protocol/message';
import type { MessageLog } from '../../log/log';
import { SharedTexts } from '../ports';
import { catchUp } from './catchUp';
import type { Room, RoomHead } from './room';

export interface Pages {
  /**
   * The page after `position`, or the newest one. Whoever asks is a member of `room` already: what is
   * appended from then on is told to them, so a page is good for as long as the room ends where it says.
   */
  after(room: Room, position: Position | undefined): Promise<SharedTexts>;
}

interface KnownPage {
  readonly head: RoomHead;
  readonly shared: SharedTexts;
  readonly length: number;
}

/** What is kept in all, in UTF-16 units. */
const keptLength = 4 * 1024 * 1024;

export function createPages(
  log: MessageLog,
  ready: (room: string) => Promise<void> = async () => {},
  maxLength = keptLength,
): Pages {
  /** The one used longest ago first. */
  const pages = new Map<string, KnownPage>();
  let length = 0;

  function forget(key: string) {
    length -= pages.get(key)?.length ?? 0;
    pages.delete(key);
  }

  function keep(key: string, page: KnownPage) {
    forget(key);
    pages.set(key, page);
    length += page.length;
    for (const oldest of pages.keys()) {
      if (length <= maxLength) break;
      forget(oldest);
    }
  }

  return {
    async after(room, position) {
      // What is appended from here on is told, so that nothing falls between.
      await ready(room.name);
      const key = keyOf(room.name, position);
      const known = pages.get(key);
      if (known && isSame(known.head, room.head)) {
        keep(key, known);
        return known.shared;
      }
      const page = await catchUp(log, room.name, position);
      const head = { epoch: page.epoch, seq: page.head };
      room.setHead(head);
      const text = encode(page);
      const shared = new SharedTexts([text]);
      keep(key, { head, shared, length: text.length });
      return shared;
    },
  };
}

function keyOf(room: string, position: Position | undefined): string {
  return position ? `${room} ${position.epoch} ${position.seq} ${position.mid}` : room;
}

function isSame(head: RoomHead, now: RoomHead | undefined): boolean {
  return head.epoch === now?.epoch && head.seq === now.seq;
}
