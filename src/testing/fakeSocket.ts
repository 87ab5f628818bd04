/**
 * A socket that a test holds both ends of, and a network that hands them out. It obeys the WebSocket
 * API where it matters: no sending before it is open, no event after its handlers are gone.
 */
import type { OpenSocket, SendData, Socket } from '../connection/ports';

export interface FakeSocket extends Socket {
  readonly url: string;
  readonly protocols: readonly string[];
  /** What the page sent, oldest first. */
  readonly sent: SendData[];
  /** What the page closed it with, once it has. */
  readonly closedWith: { code: number | undefined; reason: string | undefined } | undefined;
  /** The server accepts. */
  accept(): void;
  /** The server sends. */
  deliver(data: string | ArrayBuffer): void;
  /** The line ends, from the server's side or by itself. */
  end(code?: number, reason?: string, wasClean?: boolean): void;
}

export interface FakeNetwork {
  readonly open: OpenSocket;
  /** Every socket that was asked for, oldest first. */
  readonly sockets: readonly FakeSocket[];
  /** The socket asked for last. Throws when none was. */
  readonly latest: FakeSocket;
}

/** A close event: Node 20 has none of its own. */
export class CloseSignal extends Event implements CloseEvent {
  constructor(
    readonly code: number,
    readonly reason: string,
    readonly wasClean: boolean,
  ) {
    super('close');
  }
}

export function createFakeNetwork(): FakeNetwork {
  const sockets: FakeSocket[] = [];
  return {
    sockets,
    open(url, protocols) {
      const socket = createFakeSocket(url, protocols);
      sockets.push(socket);
      return socket;
    },
    get latest() {
      const socket = sockets.at(-1);
      if (!socket) throw new Error('no socket was asked for');
      return socket;
    },
  };
}

function createFakeSocket(url: string, protocols: readonly string[]): FakeSocket {
  let readyState: number = 0;
  let closedWith: FakeSocket['closedWith'];
  const sent: SendData[] = [];
  return {
    url,
    protocols,
    sent,
    bufferedAmount: 0,
    binaryType: 'blob',
    onopen: null,
    onmessage: null,
    onerror: null,
    onclose: null,
    get readyState() {
      return readyState;
    },
    get closedWith() {
      return closedWith;
    },
    send(data) {
      if (readyState === 0) throw new DOMException('still connecting', 'InvalidStateError');
      if (readyState === 1) sent.push(data);
    },
    close(code, reason) {
      if (readyState > 1) return;
      readyState = 2;
      closedWith = { code, reason };
    },
    accept() {
      readyState = 1;
      this.onopen?.(new Event('open'));
    },
    deliver(data) {
      this.onmessage?.(new MessageEvent('message', { data }));
    },
    end(code = 1006, reason = '', wasClean = false) {
      readyState = 3;
      if (!wasClean) this.onerror?.(new Event('error'));
      this.onclose?.(new CloseSignal(code, reason, wasClean));
    },
  };
}
