/**
 * The chat's heart on real sockets: takes upgrades at `/ws` from pages that may connect, and hands
 * each socket to the heart as a line.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { subprotocol } from '../../protocol/frames';
import { limits } from '../../protocol/limits';
import type { ChatServer } from '../chat/chatServer';
import { ClientSocket } from './clientSocket';
import { type ConnectionGate, type GateRefusal, gateRefusals } from './connectionGate';
import type { RequestGuard } from './requestGuard';
import { SocketLink } from './socketLink';
import type { UpgradeRefusal } from './upgradeRefusals';

export interface WebSocketHostOptions {
  chat: Pick<ChatServer, 'accept'>;
  guard: Pick<RequestGuard, 'addressOf' | 'whyForeign' | 'whyMisdirected'>;
  gate: ConnectionGate;
  onRefused?(why: UpgradeRefusal): void;
  /** Compress what is long, for clients that can read it. */
  isCompressing: boolean;
}

export interface WebSocketHost {
  /** Resolves when every line has ended, at the latest after `timeoutMs`, which ends the rest. */
  ended(timeoutMs: number): Promise<void>;
}

/** Takes WebSockets on `server`. */
export function hostWebSockets(server: Server, options: WebSocketHostOptions): WebSocketHost {
  const sockets = new WebSocketServer({
    noServer: true,
    WebSocket: ClientSocket,
    maxPayload: limits.frameBytes,
    // It costs memory for each line, lets a small frame grow large, and tells by its length what secret
    // and guess have in common: so only for who asks for it, and with nothing kept between messages.
    perMessageDeflate: options.isCompressing && {
      serverNoContextTakeover: true,
      clientNoContextTakeover: true,
      concurrencyLimit: 4,
    },
    // A frame of the largest size comes in about 50 packets, a message in one frame or a few.
    maxBufferedChunks: 1_024,
    maxFragments: 128,
    handleProtocols: (offered) => (offered.has(subprotocol) ? subprotocol : false),
  });
  function turnAway(stream: Duplex, [reason, status, why]: Refusal) {
    options.onRefused?.(reason);
    refuse(stream, status, why);
  }

  server.on('upgrade', (request, stream, head) => {
    stream.on('error', destroy);
    const refusal = whyRefused(request, options.guard);
    if (refusal) return turnAway(stream, refusal);
    const address = options.guard.addressOf(request);
    const isFull = options.gate.enter(address);
    if (isFull) return turnAway(stream, [isFull, fullStatuses[isFull], gateRefusals[isFull]]);
    let isTaken = false;
    sockets.handleUpgrade(request, stream, head, (socket) => {
      isTaken = true;
      // Its own listener is enough from here on, and one more would cost each line memory.
      stream.off('error', destroy);
      socket.leaves(options.gate, address);
      socket.client = options.chat.accept(new SocketLink(socket, stream, address));
    });
    // It answers within the call, and destroys the stream of whoever it does not take.
    if (!isTaken) options.gate.left(address);
  });
  return {
    async ended(timeoutMs) {
      const allClosed = [...sockets.clients].map(
        (socket) => new Promise<void>((resolve) => socket.once('close', () => resolve())),
      );
      const timer = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate();
      }, timeoutMs);
      await Promise.all(allClosed);
      clearTimeout(timer);
      sockets.close();
    },
  };
}

type Refusal = [reason: UpgradeRefusal, status: string, why: string];

const fullStatuses: Record<GateRefusal, string> = {
  'server full': '503 Service Unavailable',
  'too many from this address': '429 Too Many Requests',
  'too fast': '429 Too Many Requests',
};

function whyRefused(
  request: IncomingMessage,
  guard: WebSocketHostOptions['guard'],
): Refusal | undefined {
  const { url = '/', headers } = request;
  const [path] = url.split('?');
  if (path !== '/ws') return ['not at /ws', '404 Not Found', 'the WebSocket is at /ws'];

  const misdirected = guard.whyMisdirected(request);
  if (misdirected) return ['unknown host', '421 Misdirected Request', misdirected];
  const foreign = guard.whyForeign(request);
  if (foreign) return ['foreign origin', '403 Forbidden', foreign];

  const offered = headers['sec-websocket-protocol'];
  const speaks = offered?.split(',').some((each) => each.trim() === subprotocol) ?? true;
  return speaks
    ? undefined
    : ['unknown protocol', '400 Bad Request', `this server speaks ${subprotocol}, not ${offered}`];
}

function refuse(stream: Duplex, status: string, why: string): void {
  const body = `${why}\n`;
  // Its own end may never come: half-open lines would pile up.
  stream.once('finish', () => stream.destroy());
  stream.end(
    [
      `HTTP/1.1 ${status}`,
      'Content-Type: text/plain; charset=utf-8',
      'X-Content-Type-Options: nosniff',
      'Cache-Control: no-store',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

function destroy(this: Duplex) {
  this.destroy();
}
