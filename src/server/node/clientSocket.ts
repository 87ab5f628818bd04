/**
 * A WebSocket that hands what happens on it straight to the heart. Listeners would do the same, but five of
 * them for each of tens of thousands of sockets cost more memory than all else that is known of a client.
 */
import { WebSocket } from 'ws';
import type { ClientHandle } from '../chat/ports';
import type { ConnectionGate } from './connectionGate';

export class ClientSocket extends WebSocket {
  /** Set as soon as the heart has taken the line, before anything can come. */
  client: ClientHandle | undefined;
  #gate: Pick<ConnectionGate, 'left'> | undefined;
  #address = '';

  /** Where its end is to be told, and as whose. */
  leaves(gate: Pick<ConnectionGate, 'left'>, address: string): void {
    this.#gate = gate;
    this.#address = address;
  }

  override emit(event: string | symbol, ...args: unknown[]): boolean {
    const [first, second] = args;
    switch (event) {
      case 'message':
        if (second === true) this.client?.receiveBinary(bytesOf(first));
        else this.client?.receive(String(first));
        return true;
      case 'ping':
      case 'pong':
        this.client?.receiveControl();
        return true;
      case 'error':
        // `ws` closes with the right code by itself.
        return true;
      case 'close':
        this.#gate?.left(this.#address);
        this.client?.closed(Number(first));
    }
    return super.emit(event, ...args);
  }
}

/** `ws` hands over a Buffer, of which it keeps nothing. */
function bytesOf(data: unknown): Uint8Array<ArrayBuffer> {
  const isBytes = data instanceof Uint8Array && data.buffer instanceof ArrayBuffer;
  return isBytes ? new Uint8Array(data.buffer, data.byteOffset, data.length) : nothing;
}

const nothing = new Uint8Array(0);
