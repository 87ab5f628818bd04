/** The servers of the peers that bring one, or need none of their own. */
import { createServer } from 'node:http';
import { Server as SocketIoServer } from 'socket.io';
import { WebSocketServer } from 'ws';
import { type Arrival, type BenchServer, listen, numberOf } from './benchServer';

/** A WebSocket server that answers "ping" with "pong". */
export async function startPlain(): Promise<BenchServer> {
  const http = createServer();
  const { port, close } = await listen(http);
  const arrivals: Arrival[] = [];
  const sockets = new WebSocketServer({ server: http });
  sockets.on('connection', (socket) => {
    socket.on('error', () => {});
    socket.on('message', (data) => {
      const text = String(data);
      if (text === 'ping') socket.send('pong');
      else arrivals.push({ n: numberOf(text), at: Date.now() });
    });
  });
  return {
    port,
    path: '/',
    arrivals,
    broadcast(text) {
      for (const socket of sockets.clients) socket.send(text);
    },
    close,
  };
}

export async function startSocketIo(pingMs: {
  interval: number;
  timeout: number;
}): Promise<BenchServer> {
  const http = createServer();
  const { port, close } = await listen(http);
  const arrivals: Arrival[] = [];
  const io = new SocketIoServer(http, {
    transports: ['websocket'],
    pingInterval: pingMs.interval,
    pingTimeout: pingMs.timeout,
    connectionStateRecovery: { maxDisconnectionDuration: 120_000 },
  });
  io.on('connection', (socket) => {
    socket.on('message', (text: unknown, acknowledge: () => void) => {
      arrivals.push({ n: numberOf(text), at: Date.now() });
      acknowledge();
    });
  });
  return {
    port,
    path: '/',
    arrivals,
    broadcast: (text) => void io.emit('broadcast', text),
    async close() {
      io.engine.close();
      await close();
    },
  };
}
