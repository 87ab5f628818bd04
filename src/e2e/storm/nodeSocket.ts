/** A real WebSocket in Node, for the engine that runs in pages: the `ws` package as its port has it. */
import { WebSocket } from 'ws';
import type { SendData, Socket } from '../../connection/ports';
import { CloseSignal } from '../../testing/fakeSocket';

export interface NodeSocket extends Socket {
  /** Ends it without a word, as the crash of a page does. */
  crash(): void;
}

export function openNodeSocket(url: string, protocols: readonly string[]): NodeSocket {
  const inner = new WebSocket(url, [...protocols]);
  const socket: NodeSocket = {
    binaryType: 'arraybuffer',
    onopen: null,
    onmessage: null,
    onerror: null,
    onclose: null,
    get readyState() {
      return inner.readyState;
    },
    get bufferedAmount() {
      return inner.bufferedAmount;
    },
    send(data: SendData) {
      if (data instanceof Blob) throw new TypeError('pieces are sent as bytes');
      inner.send(data);
    },
    close: (code, reason) => inner.close(code, reason),
    crash: () => inner.terminate(),
  };
  inner.on('open', () => socket.onopen?.(new Event('open')));
  inner.on('message', (data, isBinary) => {
    if (isBinary) return;
    socket.onmessage?.(new MessageEvent('message', { data: String(data) }));
  });
  inner.on('error', () => socket.onerror?.(new Event('error')));
  inner.on('close', (code, reason) => {
    // 1006 is never on the wire: it says that no close frame came.
    const wasClean = code !== 1006;
    socket.onclose?.(new CloseSignal(code, String(reason), wasClean));
  });
  return socket;
}
