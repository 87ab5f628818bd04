/**
 * A socket with the WebSocket interface whose other end is a server in this browser, behind a message port.
 * It obeys the WebSocket API where that matters: nothing is sent before it is open, and nothing is heard
 * after its close. A server that ends without a word is noticed by its lock.
 */
import type { Cancel, SendData, Socket } from '../../connection/ports';
import { browserLocks, holdLock, type Locks, whenLockIsFree } from './lockWatch';
import { type Port, readHeartMessage, type StorageState } from './portMessages';
import { randomId } from './randomId';

export interface PortSocketOptions {
  locks?: Locks | undefined;
  /** The server says how well it keeps what is said. */
  onStorage?(state: StorageState): void;
}

const states = { connecting: 0, open: 1, closing: 2, closed: 3 } as const;

/** What a line is told that ended without a word. RFC 6455 section 7.1.5. */
const withoutWord = 1006;

/** RFC 6455 section 7.1.5: closed with no code given. */
const withoutCode = 1005;

export interface PortSocket extends Socket {
  /** The server is not there: the line ends, or does not come about. */
  fail(): void;
}

export function createPortSocket(
  port: Port,
  protocols: readonly string[],
  { locks = browserLocks(), onStorage = () => {} }: PortSocketOptions = {},
): PortSocket {
  let readyState: number = states.connecting;
  /** What was sent and is not taken, in UTF-16 units and bytes. */
  let untaken = 0;
  let unwatch: Cancel = () => {};
  const lock = `heartline line ${randomId()}`;

  const release = holdLock(locks, lock, (isHeld) => {
    if (readyState !== states.connecting) return;
    port.postMessage({ t: 'open', protocols: [...protocols], ...(isHeld && { lock }) });
  });

  function end(code: number, reason: string, wasClean: boolean) {
    if (readyState === states.closed) return;
    readyState = states.closed;
    port.onmessage = null;
    port.close();
    release();
    unwatch();
    if (!wasClean) socket.onerror?.(new Event('error'));
    socket.onclose?.(new CloseEvent('close', { code, reason, wasClean }));
  }

  const fail = () => end(withoutWord, '', false);

  port.onmessage = ({ data }) => {
    const message = readHeartMessage(data);
    if (message === undefined) return;
    if (typeof message === 'string') {
      port.postMessage({ t: 'taken', length: message.length });
      // Once it is closing, what still comes is not handed on.
      if (readyState === states.open)
        socket.onmessage?.(new MessageEvent('message', { data: message }));
      return;
    }
    switch (message.t) {
      case 'open':
        if (readyState !== states.connecting) return;
        readyState = states.open;
        if (message.lock !== undefined) unwatch = whenLockIsFree(locks, message.lock, fail);
        socket.onopen?.(new Event('open'));
        return;
      case 'refused':
        return fail();
      case 'storage':
        return onStorage(message.state);
      case 'taken':
        untaken -= message.length;
        return;
      case 'close': {
        // The server goes on only once it knows that this end has heard it.
        if (readyState === states.open) port.postMessage(message);
        const { code, reason } = message;
        return end(code, reason, true);
      }
    }
  };

  function sendBinary(data: Exclude<SendData, string>) {
    // It would have to be read first, and what is sent meanwhile would come before it.
    if (data instanceof Blob) throw new TypeError('a Blob cannot be sent here, but its bytes can');
    const bytes = bytesOf(data);
    untaken += bytes.byteLength;
    port.postMessage({ t: 'binary', bytes });
  }

  const socket: PortSocket = {
    binaryType: 'blob',
    onopen: null,
    onmessage: null,
    onerror: null,
    onclose: null,
    get readyState() {
      return readyState;
    },
    get bufferedAmount() {
      return untaken;
    },
    send(data: SendData) {
      if (readyState === states.connecting) {
        throw new DOMException('the socket is still connecting', 'InvalidStateError');
      }
      if (readyState !== states.open) return;
      if (typeof data !== 'string') return sendBinary(data);
      untaken += data.length;
      port.postMessage(data);
    },
    close(code = withoutCode, reason = '') {
      if (readyState >= states.closing) return;
      const wasOpen = readyState === states.open;
      readyState = states.closing;
      if (wasOpen) port.postMessage({ t: 'close', code, reason });
      // As a WebSocket that is closed before it is open: the failure is told, and not at once.
      else queueMicrotask(fail);
    },
    fail,
  };
  return socket;
}

/** These bytes alone: what is posted is copied whole. */
function bytesOf(data: ArrayBuffer | ArrayBufferView<ArrayBuffer>): ArrayBuffer {
  if (!ArrayBuffer.isView(data)) return data;
  const { buffer, byteOffset, byteLength } = data;
  const isAll = byteLength === buffer.byteLength;
  return isAll ? buffer : buffer.slice(byteOffset, byteOffset + byteLength);
}
