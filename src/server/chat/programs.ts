/**
 * The door for programs that have no line: each asks for one thing and is answered. What they write goes the
 * way of every message, within the limits of its user and address. They are in no room: nobody is told that
 * they come or go, and nothing waits for them here.
 */
import { type ErrorCode, errorCodes, refusalWords } from '../../protocol/errorCodes';
import { mayEnter } from '../../protocol/privateRoom';
import type { User } from '../../protocol/user';
import { LogUnavailableError, MessageRefusedError } from '../log/log';
import { messageAt } from '../log/messageAt';
import { type ConnectionHost, later } from './client/connectionHost';
import { costOf, costOfLength } from './limits/allowances';
import type { Said } from './room/posting';
import type { WrittenPiece } from './streams/liveStreams';
import { whyNotWritten } from './streams/streamRefusal';

/** Who asks, and from where, as limits count. */
export interface Program {
  readonly user: User;
  readonly address: string;
}

/** Why something is refused: as on a line, or because there is none. */
export type ProgramRefusalCode =
  | ErrorCode
  /** The user or the address has sent more than it may. */
  | 'too_fast'
  /** The token proves nobody, or no longer does. */
  | 'bad_token'
  /** The server is about to end. */
  | 'draining'
  /** The user has a message of this id in another room. */
  | 'id_taken'
  /** The server failed; the same may succeed later. */
  | 'internal';

export interface ProgramRefusal {
  readonly code: ProgramRefusalCode;
  readonly message: string;
  /** When to try again, in ms; without it the same will be refused again. */
  readonly afterMs?: number;
}

export interface Refused {
  readonly refused: ProgramRefusal;
}

/** Where a message is. `dup`: it was there already; `cut`: as one that was broken off, and so it stays. */
export interface Place {
  readonly id: string;
  readonly room: string;
  readonly seq: number;
  readonly mid: string;
  readonly at: number;
  readonly dup: boolean;
  readonly cut?: true;
}

/** Somebody new, and the token to come back with: for how many ms from now. */
export interface Newcomer {
  readonly user: User;
  readonly token: string;
  readonly expiresIn: number;
}

/** Nothing here rejects. */
export interface Programs {
  /** A guest of this name. */
  welcome(name: string, address: string): Promise<Newcomer | Refused>;
  /** Whom the token proves. Who comes with wrong ones is soon not heard any more. */
  identify(token: string, address: string): Promise<User | Refused>;
  /** Makes the message durable and tells everybody. */
  post(program: Program, said: Said, roomKey?: string): Promise<Place | Refused>;
  /**
   * Shows more of a message that is being written, which is to be posted at its end; with `cut` what was shown is
   * kept as broken off. Answers with how long to take nothing more from the program, in ms.
   */
  stream(
    program: Program,
    piece: WrittenPiece,
    roomKey?: string,
  ): { readonly waitMs: number } | Refused;
  /** Why nobody may write in the room now, or nobody with this key; undefined if one may. */
  whyShut(room: string, roomKey: string | undefined): Refused | undefined;
  /** Calls back once the user has signed out, here or elsewhere. Returns how not to be told. */
  whenSignedOut(userId: string, callback: () => void): () => void;
}

/** What a door is made for. */
export interface DoorHost extends ConnectionHost {
  /** Nothing more is taken. */
  isEnding(): boolean;
}

/** A way in for those who have no line. */
export interface Door {
  /** Resolves when every message that came so far has been answered. */
  settled(): Promise<void>;
  /** Nothing more is to be taken from this user. */
  signedOut(userId: string): void;
}

/** Asked to wait so long by who has sent too much: what a message costs is there again long before. */
const tooFastAfterMs = 1_000;

/** Asked to wait so long, in ms, by who comes while the server ends: where there are several, the next is there at once. */
export const drainingAfterMs = 2_000;

export function createPrograms(host: DoorHost): Programs & Door {
  const { log, posting, streams, admission, rooms, random, time, stopwatch } = host;
  const { userBuckets, addressBuckets, observer, failed } = host;
  const open = new Set<Promise<unknown>>();
  const awaitingSignOut = new Map<string, Set<() => void>>();
  const tokenCost = costOf({ t: 'refresh' });

  function refuse(code: ProgramRefusalCode, message: string, afterMs?: number): Refused {
    if (code in errorCodes) observer.refused(code as ErrorCode);
    return { refused: { code, message, ...(afterMs !== undefined && { afterMs }) } };
  }

  const tooFast = (who: string) => {
    observer.dropped('throttled');
    return refuse('too_fast', `${who} has sent more than it may`, tooFastAfterMs);
  };

  /** Why nobody may write in the room now, or not this program. */
  function whyShut(room: string, roomKey: string | undefined): Refused | undefined {
    if (host.isEnding()) return refuse('draining', 'the server is restarting', drainingAfterMs);
    if (mayEnter(room, roomKey)) return undefined;
    return refuse('forbidden', `"${room}" is private, and opens only to its key`);
  }

  /** Takes the cost from both who may pay it, or says who may not. */
  function whyTooFast({ user, address }: Program, cost: number): Refused | undefined {
    if (!addressBuckets.tryTake(address, cost)) return tooFast('this address');
    return userBuckets.tryTake(user.id, cost) ? undefined : tooFast('this user');
  }

  function whyNotAppended(error: unknown): Refused {
    if (error instanceof LogUnavailableError) {
      return refuse('unavailable', 'the message was not stored yet', later(random).after);
    }
    if (error instanceof MessageRefusedError) {
      return refuse(error.code, refusalWords[error.code]);
    }
    failed(error);
    return refuse('internal', 'the server failed', later(random).after);
  }

  /** Whether the message is there as one that was broken off. */
  async function isCut({ room, seq }: Pick<Place, 'room' | 'seq'>): Promise<boolean> {
    return (await messageAt(log, room, seq))?.cut === true;
  }

  async function append({ user }: Program, said: Said): Promise<Place | Refused> {
    const cameAt = stopwatch();
    const draft = posting.draftOf(user, said);
    streams.sending(user.id, said.id);
    try {
      const appended = await log.append(draft);
      posting.appended(draft, appended, cameAt);
      const { room, seq, mid, at, dup } = appended;
      const place = { id: said.id, room, seq, mid, at, dup };
      if (room === said.room) return dup && (await isCut(place)) ? { ...place, cut: true } : place;
      return refuse('id_taken', 'you have a message of this id in another room');
    } catch (error) {
      const isForEver = error instanceof MessageRefusedError;
      streams.notSent(user.id, said.id, isForEver ? 'for ever' : 'for now');
      return whyNotAppended(error);
    }
  }

  /** Where most readers cannot keep up, who writes is answered the later. */
  async function untilReadersKeepUp(room: string): Promise<void> {
    const slowMs = rooms.slowMsIn(room);
    if (slowMs > 0) await new Promise<void>((resolve) => time.after(slowMs, resolve));
  }

  return {
    async welcome(name, address) {
      if (host.isEnding()) return refuse('draining', 'the server is restarting', drainingAfterMs);
      if (!addressBuckets.tryTake(address, 2 * tokenCost)) return tooFast('this address');
      try {
        const user = await admission.identify({ name });
        const grant = user && (await admission.grant(user));
        if (!grant) throw new Error('a new guest could not be let in');
        return { user, token: grant.token, expiresIn: grant.expiresAt - time.now() };
      } catch (error) {
        failed(error);
        return refuse('internal', 'the server failed', later(random).after);
      }
    },

    async identify(token, address) {
      if (!addressBuckets.tryTake(address, 0)) return tooFast('this address');
      try {
        // A token says the name itself.
        const user = await admission.identify({ token, name: '' });
        if (user) return user;
      } catch (error) {
        failed(error);
        return refuse('unavailable', 'who this is cannot be known now', later(random).after);
      }
      addressBuckets.take(address, tokenCost);
      return refuse('bad_token', 'the token proves nobody, or no longer does');
    },

    async post(program, said, roomKey) {
      const cost = costOf({ t: 'send', ...said }) + costOfLength(said.body.length);
      const refusal = whyShut(said.room, roomKey) ?? whyTooFast(program, cost);
      if (refusal) return refusal;
      const appending = append(program, said);
      open.add(appending);
      const answer = await appending;
      open.delete(appending);
      await untilReadersKeepUp(said.room);
      return answer;
    },

    stream({ user, address }, piece, roomKey) {
      const refusal = whyShut(piece.room, roomKey);
      if (refusal) return refusal;
      const cost = costOf({ t: 'stream', ...piece }) + costOfLength(piece.text.length);
      const waitMs = Math.max(
        userBuckets.take(user.id, cost),
        addressBuckets.take(address, cost),
        rooms.slowMsIn(piece.room),
      );
      const code = streams.write({ user, hasNoLine: true }, piece);
      if (code === undefined) return { waitMs };
      const afterMs = errorCodes[code].retry ? later(random).after : undefined;
      return refuse(code, whyNotWritten(code), afterMs);
    },

    whyShut,

    whenSignedOut(userId, callback) {
      const callbacks = awaitingSignOut.get(userId) ?? new Set();
      awaitingSignOut.set(userId, callbacks.add(callback));
      return () => {
        callbacks.delete(callback);
        if (callbacks.size === 0 && awaitingSignOut.get(userId) === callbacks) {
          awaitingSignOut.delete(userId);
        }
      };
    },

    signedOut(userId) {
      const callbacks = awaitingSignOut.get(userId) ?? [];
      awaitingSignOut.delete(userId);
      for (const callback of callbacks) callback();
    },

    async settled() {
      await Promise.all(open);
    },
  };
}
