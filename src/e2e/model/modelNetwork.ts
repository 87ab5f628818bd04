/**
 * A network in memory on a clock that a test moves: lines with latency that can be cut, fall silent
 * in either direction, or be refused. What is sent on one line in one direction arrives in order.
 */
import type { OpenSocket, Random, SendData, Socket, Time } from '../../connection/ports';
import type { ClientHandle, ClientLink } from '../../server/chat/ports';
import { CloseSignal } from '../../testing/fakeSocket';

/** What a line does with what is sent on it. */
export interface Faults {
  /** What the page sends vanishes. */
  upIsSilent: boolean;
  /** What the server sends vanishes. */
  downIsSilent: boolean;
}

export interface ModelLine extends Faults {
  /** The line breaks: each side that can still hear learns it. */
  cut(): void;
  /** The server's process is gone: the page learns it, nothing is heard from the server. */
  serverDied(): void;
  /** The page's process is gone: the server learns it, nothing is heard from the page. */
  pageDied(): void;
}

export interface ModelNetworkOptions {
  time: Time;
  random: Random;
  /** The server's end, or undefined while there is none to be reached. */
  accept(): ((link: ClientLink) => ClientHandle) | undefined;
}

const maxLatencyMs = 40;

/** Opens a line for one page. `onLine` is told of it; `arrive` runs what reaches the page. */
export function createModelNetwork({ time, random, accept }: ModelNetworkOptions) {
  return function networkOf(
    arrive: (event: () => void) => void,
    onLine: (line: ModelLine) => void,
  ): OpenSocket {
    return () => {
      let readyState: number = 0;
      let handle: ClientHandle | undefined;
      let serverHasLine = false;
      let isDead = false;
      const up = inOrder(time, random);
      const down = inOrder(time, random);

      const socket: Socket = {
        bufferedAmount: 0,
        binaryType: 'arraybuffer',
        onopen: null,
        onmessage: null,
        onerror: null,
        onclose: null,
        get readyState() {
          return readyState;
        },
        send(data: SendData) {
          if (readyState !== 1) return;
          if (!line.upIsSilent) up(() => serverHasLine && handle?.receive(String(data)));
        },
        close(code = 1005) {
          if (readyState > 1) return;
          readyState = 2;
          if (!line.upIsSilent) up(() => endAtServer(code));
        },
      };

      const link: ClientLink = {
        address: '192.0.2.1',
        sendShared: ({ texts }) => texts.forEach(link.send),
        cork() {},
        uncork() {},
        unreadBytes: () => 0,
        send(text) {
          if (!serverHasLine || line.downIsSilent) return;
          down(() =>
            arrive(() => {
              if (readyState === 1) socket.onmessage?.(new MessageEvent('message', { data: text }));
            }),
          );
        },
        close(code, reason) {
          if (!line.downIsSilent) down(() => endAtPage(code, reason, true));
          if (!line.upIsSilent) up(() => endAtServer(code));
        },
        terminate() {
          endAtServer(1006);
          if (!line.downIsSilent) down(() => endAtPage(1006, '', false));
        },
        pause() {},
        resume() {},
        flushed: async () => {},
      };

      function endAtPage(code: number, reason: string, wasClean: boolean) {
        if (isDead) return;
        isDead = true;
        arrive(() => {
          readyState = 3;
          socket.onclose?.(new CloseSignal(code, reason, wasClean));
        });
      }

      function endAtServer(code: number) {
        if (!serverHasLine) return;
        serverHasLine = false;
        handle?.closed(code);
      }

      const line: ModelLine = {
        upIsSilent: false,
        downIsSilent: false,
        cut() {
          endAtPage(1006, '', false);
          endAtServer(1006);
        },
        serverDied() {
          serverHasLine = false;
          endAtPage(1006, '', false);
        },
        pageDied() {
          isDead = true;
          readyState = 3;
          if (!line.upIsSilent) up(() => endAtServer(1001));
        },
      };
      onLine(line);

      down(() => {
        const acceptLine = accept();
        if (!acceptLine || line.upIsSilent) return endAtPage(1006, '', false);
        if (readyState !== 0) return;
        arrive(() => {
          readyState = 1;
          socket.onopen?.(new Event('open'));
        });
        serverHasLine = true;
        handle = acceptLine(link);
      });
      return socket;
    };
  };
}

/** Runs deliveries after a random latency each, never one before another. */
function inOrder(time: Time, random: Random) {
  let lastAt = 0;
  return (deliver: () => void) => {
    lastAt = Math.max(lastAt, time.now() + 1 + Math.floor(random() * maxLatencyMs));
    time.after(lastAt - time.now(), deliver);
  };
}
