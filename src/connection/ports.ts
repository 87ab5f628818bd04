/**
 * What the connection takes from outside, so that every test is exact: time, chance and sockets.
 * `systemTime` and `openWebSocket` are what a page uses.
 */

/** Undoes what handed it out; calling it again does nothing. */
export type Cancel = () => void;

/** A clock and its timers, both in ms. */
export interface Time {
  /** Ms since some fixed moment: only differences matter. */
  now(): number;
  /** Calls `callback` once, `delayMs` from now, unless cancelled before. */
  after(delayMs: number, callback: () => void): Cancel;
}

/** A number from 0 (included) to 1 (excluded). */
export type Random = () => number;

/** What a socket hands on: text, or binary in the form that `binaryType` asks for. */
export type SocketData = string | ArrayBuffer | Blob;

/** What a socket takes. */
export type SendData = string | ArrayBuffer | Blob | ArrayBufferView<ArrayBuffer>;

/** The part of the browser's WebSocket that is used here; a fake has no more to offer. */
export interface Socket {
  readonly readyState: number;
  readonly bufferedAmount: number;
  binaryType: BinaryType;
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent<SocketData>) => void) | null;
  onerror: ((event: Event) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  send(data: SendData): void;
  close(code?: number, reason?: string): void;
}

/** Makes a socket that is opening. It throws on an address that no socket could have. */
export type OpenSocket = (url: string, protocols: readonly string[]) => Socket;

export const systemTime: Time = {
  now: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

export const openWebSocket: OpenSocket = (url, protocols) => new WebSocket(url, [...protocols]);
