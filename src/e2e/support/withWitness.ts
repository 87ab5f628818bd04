/** A server that somebody misbehaves at while others chat, and what must be true of it afterwards. */
import { expect } from 'vitest';
import { patienceMs } from './patience';
import { type ServerProcess, startServer } from './serverProcess';
import { startWitness } from './witness';

/** What a server may hold on to after an attack, in bytes: caches, code that was compiled, the witness. */
const toleranceBytes = 8 * 1024 * 1024;

/** Runs `abuse` at a server of its own; then the others must have chatted on, and the memory come back. */
export async function withWitness(
  abuse: (server: ServerProcess) => Promise<void>,
  flags: readonly string[] = [],
): Promise<void> {
  const server = await startServer(flags);
  const witness = await startWitness(server.webSocketUrl);
  const before = await server.memoryBytes();
  await abuse(server);
  await witness.undisturbed();
  // Lines that were ended are forgotten a moment later.
  await expect
    .poll(() => server.memoryBytes(), { timeout: patienceMs })
    .toBeLessThan(before + toleranceBytes);
}
