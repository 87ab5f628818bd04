/** Runs the load generator (`../load`), and listens to what it says. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import type { MeasuredServer } from './measuredServers';

/** The server has core 0, the load generator core 1. */
const generatorCore = '1';

export interface LoadGenerator {
  /** The next line that it prints. Rejects with its own reason if it fails instead. */
  nextLine(): Promise<string>;
  /** Says that it may go on. */
  goOn(): void;
  /** Ends with the generator. Rejects with its own reason if it failed. */
  ended(): Promise<void>;
}

/**
 * Loads a server, or several that share what is said, in one of the modes that `load.c` lists, with what
 * that mode takes.
 */
export function startLoad(
  binary: string,
  servers: readonly [MeasuredServer, ...MeasuredServer[]],
  mode: 'window' | 'rate' | 'idle' | 'resume' | 'failover',
  settings: Readonly<Record<string, number>>,
): LoadGenerator {
  const [{ name, dialect }] = servers;
  const given = {
    dialect,
    port: servers.map(({ port }) => port).join(','),
    'server-pid': servers.map(({ pid }) => pid).join(','),
    mode,
    cpu: generatorCore,
    ...settings,
  };
  const args = Object.entries(given).flatMap(([option, value]) => [`--${option}`, String(value)]);
  const child = spawn(binary, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let reason = '';
  child.stderr.on('data', (chunk) => {
    reason += chunk;
  });
  // It may be gone by then, which `ended` tells.
  child.stdin.on('error', () => {});
  const closed = once(child, 'close');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

  async function ended() {
    const [code, signal] = await closed;
    if (code === 0) return;
    throw new Error(`${name}, ${args.join(' ')}: ${reason.trim() || (signal ?? code)}`);
  }

  return {
    async nextLine() {
      const { value, done } = await lines.next();
      if (!done) return value;
      await ended();
      throw new Error('the load generator ended without a word');
    },
    goOn: () => void child.stdin.write('\n'),
    ended,
  };
}

/** Runs to the end a mode that says one line. */
export async function runLoad(...what: Parameters<typeof startLoad>): Promise<string> {
  const generator = startLoad(...what);
  const line = await generator.nextLine();
  await generator.ended();
  return line;
}
