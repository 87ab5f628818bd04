/** Tells the server of one sign-out that it has not heard of, on a short line of its own. */
import type { OpenSocket, Time } from '../connection/ports';
import { closeCodes } from '../protocol/closeCodes';
import { decodeServerMessage, encode } from '../protocol/codec';
import { type ClientFrame, subprotocol } from '../protocol/frames';
import { answerTimeoutMs } from './farewells';

export interface FarewellLineOptions {
  /** Only the server that gave a token can end it. */
  serverUrl: string;
  time: Time;
  openSocket: OpenSocket;
}

/** The server has ended the token, or says that it holds no longer. */
const answers: readonly number[] = [closeCodes.signedOut.code, closeCodes.badToken.code];

/** Resolves with whether the server has answered. Never rejects. */
export function tellFarewell(token: string, options: FarewellLineOptions): Promise<boolean> {
  const { serverUrl, time, openSocket } = options;
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

  function open() {
    try {
      return openSocket(serverUrl, [subprotocol]);
    } catch {
      return undefined;
    }
  }
}

/** The token says who it is; the name only has to be there. */
const farewellOf = (token: string): ClientFrame[] => [
  { t: 'auth', name: 'guest', resume: [], token },
  { t: 'signout' },
];
