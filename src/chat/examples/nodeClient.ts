/** Says in a room what comes on standard input, a message a line, and prints what is said there. */
import { createInterface } from 'node:readline';
import { v7 as newId } from 'uuid';
import { WebSocket } from 'ws';
import { openHeadlessChat } from '../headless';

Object.assign(globalThis, { WebSocket });
const [url = 'ws://localhost:6969/ws', room = 'lobby', name = 'Robot'] = process.argv.slice(2);
let seen = 0;
const { actions, sent, close } = openHeadlessChat({
  ...{ url, room, name, newId },
  listener: {
    messages(messages) {
      for (const { seq = 0, author, body } of messages) {
        if (seq > seen) process.stdout.write(`${author.name}: ${body}\n`);
        seen = Math.max(seen, seq);
      }
    },
  },
});
for await (const line of createInterface({ input: process.stdin })) actions.send(line);
await sent();
close();
