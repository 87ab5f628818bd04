/** Something that is no fit Redis, on a port of its own for one test. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { onTestFinished } from 'vitest';

/** Answers whatever it is asked with this. */
export async function startImpostor(answer: string): Promise<{ url: string }> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', () => socket.write(answer));
    onTestFinished(() => void socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `redis://127.0.0.1:${address.port}` };
}

/** What a Redis of this version says of itself, in the oldest form of its protocol. */
export function versionAnswer(version: string): string {
  const info = `# Server\r\nredis_version:${version}\r\n`;
  return `$${info.length}\r\n${info}\r\n`;
}
