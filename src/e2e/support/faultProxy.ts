/**
 * A TCP proxy that a test puts between page and server, and lets fail. Whatever it leaves to chance
 * comes from the `random` it is given, so a seed repeats it.
 *
 * A connection on which bytes have vanished stays silent in that direction for ever, as on a real
 * network whose path is gone: only a new connection, after the fault, gets through.
 */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Random } from '../../connection/ports';
import type { Fault } from './fault';
import { createFaultyPipe, type FaultyPipe } from './faultyPipe';

export interface FaultProxy {
  readonly port: number;
  /** Where the page finds the server, by way of the proxy. */
  readonly url: string;
  /** What happens from now on, to open connections and to new ones. */
  fail(fault: Fault): void;
  /** Resets the open connections, once. */
  resetAll(): void;
  /** Closes the open connections as the server would, with a close frame, once. */
  closeAll(code: number, reason: string): void;
  /** How many connections the proxy has been asked for. */
  readonly connections: number;
  /** Resets what is open and listens no more. */
  close(): Promise<void>;
}

/** One connection of a page, and the one to the server that it is handed on to. */
interface Line {
  page: Socket;
  server: Socket;
  /** What the server sends; a close frame may be slipped in behind it. */
  down: FaultyPipe;
  up: FaultyPipe;
}

const none: Fault = { kind: 'none' };

/** A proxy to a port of this machine, on a port that is free. */
export async function createFaultProxy(targetPort: number, random: Random): Promise<FaultProxy> {
  let fault = none;
  let connections = 0;
  const lines = new Set<Line>();
  /** Every connection to the server: on a silent line it outlives the page's. */
  const dialled = new Set<Socket>();
  const isLosing = {
    up: () => fault.kind === 'black hole' || fault.kind === 'silent up',
    down: () => fault.kind === 'black hole' || fault.kind === 'silent down',
  };

  const listener = createServer(accept);
  const port = await listen(listener, 0);

  function accept(page: Socket) {
    connections += 1;
    page.setNoDelay(true);
    page.on('error', () => page.destroy());
    if (fault.kind === 'reset') return void page.resetAndDestroy();

    const server = dial();
    const common = { fault: () => fault, random };
    const line: Line = {
      page,
      server,
      up: createFaultyPipe(page, server, { ...common, isLosing: isLosing.up }),
      down: createFaultyPipe(server, page, {
        ...common,
        isLosing: isLosing.down,
        damages: true,
        onCut: () => reset(line),
      }),
    };
    lines.add(line);
    page.once('close', () => lines.delete(line));
    if (fault.kind === 'close') closeOnceAccepted(line, fault.code, fault.reason);
    if (fault.kind === 'duplicate') duplicate(page);
  }

  function dial(): Socket {
    const socket = connect(targetPort, 'localhost');
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    dialled.add(socket);
    socket.once('close', () => dialled.delete(socket));
    return socket;
  }

  /** What the server says to the copy is heard by nobody. */
  function duplicate(page: Socket) {
    const copy = dial();
    copy.resume();
    page.on('data', (chunk) => copy.write(chunk));
    page.once('close', () => copy.destroy());
  }

  /** The first thing that the server says accepts the WebSocket. */
  function closeOnceAccepted(line: Line, code: number, reason: string) {
    line.server.once('data', () => queueMicrotask(() => closeAsServer(line, code, reason)));
  }

  function closeAsServer({ page, server }: Line, code: number, reason: string) {
    if (page.writable) page.end(closeFrame(code, reason));
    server.removeAllListeners('data').destroy();
  }

  function reset({ page, server }: Line) {
    page.resetAndDestroy();
    server.resetAndDestroy();
  }

  function resetAll() {
    for (const line of lines) reset(line);
  }

  return {
    port,
    url: `http://localhost:${port}/`,
    get connections() {
      return connections;
    },
    fail(next) {
      fault = next;
      if (fault.kind === 'refuse') listener.close();
      else if (!listener.listening) listener.listen(port);
      if (fault.kind === 'refuse' || fault.kind === 'reset') resetAll();
      for (const { up, down } of lines) {
        up.faultChanged();
        down.faultChanged();
      }
    },
    resetAll,
    closeAll(code, reason) {
      for (const line of lines) closeAsServer(line, code, reason);
    },
    async close() {
      resetAll();
      for (const socket of dialled) socket.destroy();
      if (!listener.listening) return;
      listener.close();
      await once(listener, 'close');
    },
  };
}

/** As `createFaultProxy`, for one test: closed when that is over. */
export async function startFaultProxy(
  targetPort: number,
  random: Random = Math.random,
): Promise<FaultProxy> {
  const proxy = await createFaultProxy(targetPort, random);
  onTestFinished(proxy.close);
  return proxy;
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** A close frame as a server sends it, unmasked. RFC 6455 section 5.5.1. */
function closeFrame(code: number, reason: string): Buffer {
  const payload = Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason)]);
  return Buffer.concat([Buffer.from([0x88, payload.length]), payload]);
}
