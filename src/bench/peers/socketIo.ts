/**
 * A socket.io server with one room, in a process of its own: a message gets a sequence number and a
 * time and goes to all others in the room; its sender gets socket.io's acknowledgement. With `recovery`
 * as its argument, connection state recovery is on.
 */
import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { announce, type Message } from './message';

const withRecovery = process.argv.includes('recovery');
const http = createServer();
const io = new Server(http, {
  transports: ['websocket'],
  ...(withRecovery && { connectionStateRecovery: { maxDisconnectionDuration: 120_000 } }),
});
let seq = 0;

io.on('connection', (socket) => {
  void socket.join('bench');
  socket.on('send', (message: Message, acknowledge: (ack: { seq: number }) => void) => {
    seq += 1;
    socket.to('bench').emit('message', { ...message, seq, ts: Date.now() });
    acknowledge({ seq });
  });
});
http.listen(0, '127.0.0.1', () => announce(http.address()));
