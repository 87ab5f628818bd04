/**
 * Sign-outs that the server has not heard of yet. Who signs out leaves at once, with a line or without;
 * that their token has to end is kept in the browser, and told to the server on a short line of its own as
 * soon as that can be reached.
 */
import type { OpenSocket, Time } from '../connection/ports';
import { closeCodes } from '../protocol/closeCodes';
import { decodeServerMessage, encode } from '../protocol/codec';
import { type ClientFrame, subprotocol } from '../protocol/frames';
import type { NoteStorage } from './outboxStorage';

export interface FarewellsOptions {
  /** Only the server that gave a token can end it. */
  serverUrl: string;
  notes: NoteStorage;
  newId(): string;
  time: Time;
  openSocket: OpenSocket;
}

export interface Farewells {
  /** Remembers, over a reload too, that this token has to end. */
  note(token: string): void;
  /** The server has not heard of every sign-out. */
  areDue(): boolean;
  /** Tells the server. Resolves when it has answered, or when it cannot be reached now. Never rejects. */
  deliver(): Promise<void>;
}

/** What the server may take to answer, in ms: less than it waits itself for who comes in meanwhile. */
const answerTimeoutMs = 5_000;

/** The server has ended the token, or says that it holds no longer. */
const answers: readonly number[] = [closeCodes.signedOut.code, closeCodes.badToken.code];

export function createFarewells(options: FarewellsOptions): Farewells {
  const { serverUrl, notes, newId, time, openSocket } = options;
  const prefix = `sign-out ${encodeURIComponent(serverUrl)} `;
  /** By its note; here as well, since a browser may keep no notes. */
  const noted = new Map<string, string>();
  let delivering: Promise<void> | undefined;

  function read() {
    for (const key of notes.keys(prefix)) {
      const token = notes.get(key);
      if (token !== undefined) noted.set(key, token);
    }
    return noted;
  }

  async function deliverAll() {
    for (const [key, token] of [...read()]) {
      if (!(await tell(token))) continue;
      noted.delete(key);
      notes.remove(key);
    }
    delivering = undefined;
  }

  /** Whether the server has answered. */
  function tell(token: string): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = open();
      if (!socket) return resolve(false);
      const cancelTimer = time.after(answerTimeoutMs, () => end(false));

      function end(isAnswered: boolean) {
        cancelTimer();
        if (socket) {
          socket.onmessage = null;
          socket.onclose = null;
          socket.close(closeCodes.left.code);
        }
        resolve(isAnswered);
      }

      socket.onclose = ({ code }) => end(answers.includes(code));
      socket.onmessage = ({ data }) => {
        for (const decoded of decodeServerMessage(String(data))) {
          if ('error' in decoded) continue;
          if (decoded.frame.t === 'hello') socket.send(encode(farewellOf(token)));
          if (decoded.frame.t === 'err') end(false);
        }
      };
    });
  }

  function open() {
    try {
      return openSocket(serverUrl, [subprotocol]);
    } catch {
      return undefined;
    }
  }

  return {
    note(token) {
      const key = `${prefix}${newId()}`;
      noted.set(key, token);
      notes.set(key, token);
    },
    areDue: () => read().size > 0,
    deliver() {
      delivering ??= deliverAll();
      return delivering;
    },
  };
}

/** The token says who it is; the name only has to be there. */
const farewellOf = (token: string): ClientFrame[] => [
  { t: 'auth', name: 'guest', resume: [], token },
  { t: 'signout' },
];
