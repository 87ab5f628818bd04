/**
 * Bun's own WebSocket server and its native publish, run by Bun: no log. A message gets a sequence
 * number and a time, is written once, and published to everybody who subscribed; its sender gets an ack.
 */
import { announce, type Message } from './message';

/** What is used here of Bun's API. */
interface BunSocket {
  subscribe(topic: string): void;
  send(text: string): number;
}

interface BunServer {
  port: number;
  publish(topic: string, text: string): number;
  upgrade(request: Request, options: { data: { isPublisher: boolean } }): boolean;
}

declare const Bun: {
  serve(options: {
    port: number;
    hostname: string;
    fetch(request: Request, server: BunServer): Response | undefined;
    websocket: {
      open(socket: BunSocket & { data: { isPublisher: boolean } }): void;
      message(socket: BunSocket, text: string): void;
    };
  }): BunServer;
};

let seq = 0;

const server = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  fetch(request, self) {
    const isPublisher = new URL(request.url).pathname === '/publisher';
    if (self.upgrade(request, { data: { isPublisher } })) return undefined;
    return new Response('this is a WebSocket', { status: 426 });
  },
  websocket: {
    open(socket) {
      if (!socket.data.isPublisher) socket.subscribe('bench');
    },
    message(socket, text) {
      const message: Message = JSON.parse(text);
      seq += 1;
      server.publish('bench', JSON.stringify({ ...message, seq, ts: Date.now() }));
      socket.send(JSON.stringify({ t: 'ack', id: message.id, seq }));
    },
  },
});
announce({ port: server.port });
