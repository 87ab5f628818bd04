/**
 * How many sockets one address may hold, whatever comes over them: who only connects, and says nothing, could
 * else hold all that the server may have. Those of a proxy that is trusted are many clients', and it connects
 * only for who has asked for something: whoever they are is counted then (`connectionGate.ts`).
 */
import type { Server, Socket } from 'node:net';
import { addressKey } from './clientAddress';

/** Why a socket is dropped without a word. */
export type SocketRefusal = 'too many from one address' | 'server full';

export interface SocketBoundOptions {
  /** How many sockets one address may hold. */
  perAddress: number;
  /** Whether it is a trusted proxy's address. */
  isProxy(address: string): boolean;
  onDropped(why: SocketRefusal): void;
}

/** Drops at once what an address has beyond that, and tells what else `server` drops. */
export function boundSockets(server: Server, options: SocketBoundOptions): void {
  const { perAddress, isProxy, onDropped } = options;
  const open = new Map<string, number>();
  /** Whose each is. A listener for each that knows would cost as much memory as half of what the chat knows of a line. */
  const keys = new WeakMap<Socket, string>();

  function leave(this: Socket) {
    const key = keys.get(this) ?? '';
    const left = (open.get(key) ?? 0) - 1;
    if (left > 0) open.set(key, left);
    else open.delete(key);
  }

  server.on('connection', (socket) => {
    const { remoteAddress } = socket;
    // It has ended by now.
    if (remoteAddress === undefined || isProxy(remoteAddress)) return;
    const key = addressKey(remoteAddress);
    const fromThere = open.get(key) ?? 0;
    if (fromThere >= perAddress) {
      onDropped('too many from one address');
      // With a reset: nothing of it is left to wait for.
      return void socket.resetAndDestroy();
    }
    open.set(key, fromThere + 1);
    keys.set(socket, key);
    socket.on('close', leave);
  });
  server.on('drop', () => onDropped('server full'));
}
