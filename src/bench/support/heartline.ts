/**
 * Our own server, as it is built, and a second client in the same room that is never cut off: it says
 * the broadcasts, and sees each of the page's messages as the server's log gives it a place.
 */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { startServer } from '../../e2e/support/serverProcess';
import { decodeServerMessage, encode } from '../../protocol/codec';
import { type ClientFrame, type ServerFrame, subprotocol } from '../../protocol/frames';
import { type Arrival, type BenchServer, numberOf } from './benchServer';

const room = 'bench';

/** Ends with the test, or when closed. */
export async function startHeartline(flags: readonly string[]): Promise<BenchServer> {
  const server = await startServer(flags);
  const arrivals: Arrival[] = [];
  let lastSeq = 0;
  const other = await connect(server.webSocketUrl, ({ body, seq }) => {
    if (!body.startsWith('m ')) return;
    if (seq <= lastSeq) throw new Error(`the server said message ${seq} twice`);
    lastSeq = seq;
    arrivals.push({ n: numberOf(body), at: Date.now() });
  });
  let broadcasts = 0;
  return {
    port: server.port,
    path: '/ws',
    arrivals,
    broadcast(body) {
      broadcasts += 1;
      other.send({ t: 'send', id: `broadcast-${broadcasts}`, room, body });
    },
    async close() {
      other.close();
      await server.kill('SIGKILL');
    },
  };
}

/** A client of the server's protocol that trusts its line. Resolves once it is in the room. */
async function connect(url: string, onMessage: (frame: ServerFrame & { t: 'msg' }) => void) {
  const socket = new WebSocket(url, subprotocol);
  const send = (...frames: ClientFrame[]) => socket.send(encode(frames));
  let join: () => void = () => {};
  const joined = new Promise<void>((resolve) => {
    join = resolve;
  });
  socket.on('message', (data) => {
    for (const decoded of decodeServerMessage(String(data))) {
      if (!('frame' in decoded)) throw new Error(`a frame cannot be read: ${data}`);
      handle(decoded.frame);
    }
  });
  function handle(frame: ServerFrame) {
    if (frame.t === 'hello') send({ t: 'auth', name: 'Other', resume: [] }, { t: 'join', room });
    if (frame.t === 'ping') send({ t: 'pong', n: frame.n });
    if (frame.t === 'sync') join();
    if (frame.t === 'msg') onMessage(frame);
    if (frame.t === 'err') throw new Error(`the other client was refused: ${frame.message}`);
  }
  await once(socket, 'open');
  await joined;
  return { send, close: () => socket.terminate() };
}
