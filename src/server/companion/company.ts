/**
 * Who is in the room with the companion, as it is told, and who of them is to be greeted: who comes, but
 * not who was there a short while ago, as a reload, a broken line or a restart of the server is no arrival.
 */
import type { Time } from '../../connection/ports';
import type { ServerFrameOf } from '../../protocol/frames';
import type { LoggedMessage } from '../../protocol/message';
import { isProgram } from '../../protocol/program';
import type { User } from '../../protocol/user';

/** Someone who has come, and as which one, counted from 1 since the companion is there. */
export interface Arrival {
  readonly user: User;
  readonly place: number;
}

export interface Change {
  readonly arrivals: readonly Arrival[];
  /** The ids of those who left. */
  readonly left: readonly string[];
}

export interface Company {
  /** Takes what was said before the companion came: who said something was there at that time. */
  recall(messages: readonly Pick<LoggedMessage, 'from' | 'at'>[]): void;
  /** Takes what the room tells of who is there. */
  take(presence: Omit<ServerFrameOf<'presence'>, 't' | 'room'>): Change;
  has(userId: string): boolean;
  /** Nobody else is there but programs. */
  isAlone(userId: string): boolean;
}

/** Who was away for less is not greeted again, in ms. */
export const shortAwayMs = 600_000;

/** So many who left are remembered. */
const mostRemembered = 1_000;

export function createCompany(time: Pick<Time, 'now'>): Company {
  const present = new Map<string, User>();
  /** When who left did so, in ms, the longest ago first. */
  const leftAt = new Map<string, number>();
  let count = 0;
  let places = 0;

  function arrive(user: User): Arrival[] {
    const isNew = !present.has(user.id) && !isProgram(user);
    present.set(user.id, user);
    const awayMs = time.now() - (leftAt.get(user.id) ?? Number.NEGATIVE_INFINITY);
    leftAt.delete(user.id);
    if (!isNew || awayMs < shortAwayMs) return [];
    places += 1;
    return [{ user, place: places }];
  }

  function leave(userId: string): string[] {
    if (!present.delete(userId)) return [];
    noteThere(userId, time.now());
    return [userId];
  }

  function noteThere(userId: string, atMs: number) {
    leftAt.delete(userId);
    leftAt.set(userId, atMs);
    const [oldest] = leftAt.keys();
    if (leftAt.size > mostRemembered && oldest !== undefined) leftAt.delete(oldest);
  }

  return {
    recall(messages) {
      for (const { from, at } of messages) {
        const isKnown = present.has(from.id) || (leftAt.get(from.id) ?? 0) >= at;
        if (!isKnown) noteThere(from.id, at);
      }
    },
    take(presence) {
      const { members, came = [], left: gone = [] } = presence;
      const named = new Set(members?.map(({ id }) => id));
      const missing = members ? [...present.keys()].filter((id) => !named.has(id)) : [];
      // Who is named both ways has come back by now.
      const left = [...missing, ...gone].flatMap(leave);
      const arrivals = [...(members ?? []), ...came].flatMap(arrive);
      count = presence.count ?? present.size;
      return { arrivals, left };
    },
    has: (userId) => present.has(userId),
    isAlone(userId) {
      const programs = [...present.values()].filter(isProgram).length;
      const isNamed = present.has(userId) ? 1 : 0;
      return present.size - programs - isNamed === 0 && count - programs - isNamed <= 0;
    },
  };
}
