/** Whether a port can be had, before anything is opened or made that would then be in vain. */
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Rejects with the system's error if nobody can listen there now. */
export async function requirePort(port: number, host: string | undefined): Promise<void> {
  // The system chooses one that is free.
  if (port === 0) return;
  const server = createServer();
  server.listen(port, host);
  await once(server, 'listening');
  server.close();
  await once(server, 'close');
}
