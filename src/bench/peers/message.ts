/**
 * What every peer is sent, and how it says that it can be. The peers believe their messages as they
 * come, as their own examples do: to check them would be to burden those that are compared.
 */

export interface Message {
  t: string;
  id: string;
  room: string;
  body: string;
}

/** Prints where it listens, for who started the process. */
export function announce(address: { port: number } | string | null): void {
  if (address === null || typeof address === 'string') throw new Error('no port');
  process.stdout.write(`listening on port ${address.port}\n`);
}
