/**
 * A socket.io server with one room, in a process of its own: a message gets a sequence number and a
 * time and goes to all others in the room; its sender gets socket.io's acknowledgement. With `recovery`
 * as its argument, connection state recovery is on; with the address of a Redis, it is one of several
 * servers that tell each other through streams there, set up as the adapter's documentation shows. Then
 * the sequence number is this server's own.
 */
import { createServer } from 'node:http';
import { createAdapter } from '@socket.io/redis-streams-adapter';
import { createClient } from 'redis';
import { Server } from 'socket.io';
import { announce, type Message } from './message';

const withRecovery = process.argv.includes('recovery');
const redisUrl = process.argv.find((argument) => argument.startsWith('redis://'));
const http = createServer();
const io = new Server(http, {
  transports: ['websocket'],
  ...(redisUrl && { adapter: createAdapter(await connected(redisUrl)) }),
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

async function connected(url: string) {
  const client = createClient({ url });
  client.on('error', (error) => process.stderr.write(`${error}\n`));
  return await client.connect();
}
