/**
 * The least of a Centrifugo server that centrifuge needs, in its JSON protocol: connect, one channel
 * whose history makes up for what a client has missed, publish, ping, and the end of who answers none.
 */
import { createServer } from 'node:http';
import * as v from 'valibot';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Arrival, type BenchServer, listen, numberOf } from './benchServer';

/** What a client sends, one a line; an empty one answers a ping. */
const command = v.object({
  id: v.optional(v.number()),
  connect: v.optional(v.unknown()),
  subscribe: v.optional(
    v.object({
      recover: v.optional(v.boolean()),
      epoch: v.optional(v.string()),
      offset: v.optional(v.number(), 0),
    }),
  ),
  publish: v.optional(v.object({ data: v.unknown() })),
});

interface Publication {
  data: string;
  offset: number;
}

/** How long the answer to a ping may take, in ms, as Centrifugo has it. */
const pongTimeoutMs = 8_000;
const noPong = { code: 3012, reason: 'no pong' };

const channel = 'room';
const epoch = 'one';

export async function startCentrifugo(pingSeconds: number): Promise<BenchServer> {
  const http = createServer();
  const { port, close } = await listen(http);
  const arrivals: Arrival[] = [];
  const history: Publication[] = [];
  const subscribed = new Set<WebSocket>();
  const sockets = new WebSocketServer({ server: http });

  sockets.on('connection', (socket) => {
    let isAnswered = true;
    const pinging = setInterval(() => {
      isAnswered = false;
      socket.send('{}');
      setTimeout(() => {
        if (!isAnswered) socket.close(noPong.code, noPong.reason);
      }, pongTimeoutMs);
    }, pingSeconds * 1_000);
    socket.on('error', () => {});
    socket.on('close', () => {
      clearInterval(pinging);
      subscribed.delete(socket);
    });
    socket.on('message', (data) => {
      for (const line of String(data).split('\n').filter(Boolean)) {
        if (line === '{}') isAnswered = true;
        else reply(socket, line);
      }
    });
  });

  function reply(socket: WebSocket, line: string) {
    const { id, connect, subscribe, publish } = v.parse(command, JSON.parse(line));
    const answer = (result: object) => socket.send(JSON.stringify({ id, ...result }));
    if (connect) {
      answer({ connect: { client: 'page', version: '0', ping: pingSeconds, pong: true } });
    } else if (subscribe) {
      const recovered = subscribe.recover === true && subscribe.epoch === epoch;
      subscribed.add(socket);
      answer({
        subscribe: {
          recoverable: true,
          positioned: true,
          epoch,
          offset: history.length,
          was_recovering: subscribe.recover === true,
          recovered,
          publications: recovered ? history.slice(subscribe.offset) : [],
        },
      });
    } else if (publish) {
      arrivals.push({ n: numberOf(publish.data), at: Date.now() });
      answer({ publish: {} });
    }
  }

  return {
    port,
    path: '/connection/websocket',
    arrivals,
    broadcast(data) {
      const pub: Publication = { data, offset: history.length + 1 };
      history.push(pub);
      const push = JSON.stringify({ push: { channel, pub } });
      for (const socket of subscribed) socket.send(push);
    },
    close,
  };
}
