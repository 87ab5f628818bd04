/**
 * The plainest broadcast on `ws`, in a process of its own: no log, no rooms. A message gets a sequence
 * number and a time, is written once, and sent to every other socket; its sender gets an ack.
 */
import { createServer } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import { announce, type Message } from './message';

const http = createServer();
const sockets = new WebSocketServer({ server: http, perMessageDeflate: false });
let seq = 0;

sockets.on('connection', (socket: WebSocket) => {
  socket.on('error', () => {});
  socket.on('message', (data) => {
    const message: Message = JSON.parse(String(data));
    seq += 1;
    const text = JSON.stringify({ ...message, seq, ts: Date.now() });
    for (const other of sockets.clients) if (other !== socket) other.send(text);
    socket.send(JSON.stringify({ t: 'ack', id: message.id, seq }));
  });
});
http.listen(0, '127.0.0.1', () => announce(http.address()));
