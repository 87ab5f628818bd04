/**
 * The built server as a process of its own, which a test can start, kill, freeze and start again on
 * the same port with the same data.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';

const entry = fileURLToPath(new URL('../../../dist-server/heartline.js', import.meta.url));

export interface ServerProcess {
  readonly host: string;
  readonly port: number;
  /** Where the page is. */
  readonly url: string;
  readonly webSocketUrl: string;
  readonly dataDir: string;
  /** Of the process that runs now. */
  readonly pid: number;
  /** Starts it, again if it ended. Resolves when it listens. */
  start(): Promise<void>;
  /** Sends a signal. With one that ends it, resolves with its exit code when it has ended. */
  kill(signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT'): Promise<number | null>;
  /** What the latest start has printed. */
  output(): { stdout: string; stderr: string };
  /** From now on nobody reads what it prints. */
  leaveOutputUnread(): void;
  freeze(): void;
  thaw(): void;
  /** The memory that it holds once everything is collected that can be, in bytes. */
  memoryBytes(): Promise<number>;
}

/** Tells on SIGUSR2 what memory is really held: of the server itself nothing is changed. */
const tellMemory = `data:text/javascript,${encodeURIComponent(`
  process.on('SIGUSR2', () => {
    gc();
    const { heapUsed, external } = process.memoryUsage();
    console.log('memory ' + (heapUsed + external) + ' bytes');
  });
`)}`;

/**
 * A server on a free port, with a data folder of its own; ended and swept when the test is over. `address`: the
 * only one that it listens on, such as 127.0.0.2. `within`: the command and arguments that run it elsewhere.
 */
export async function startServer(
  flags: readonly string[] = [],
  address?: string,
  within: readonly string[] = [],
): Promise<ServerProcess> {
  const host = address ?? 'localhost';
  const hostFlags = address ? ['--host', address] : [];
  const port = await freePort();
  const dataDir = await mkdtemp(join(tmpdir(), 'heartline-'));
  let child: ChildProcess | undefined;
  let started: ReturnType<typeof runServer> | undefined;
  const wasKilled = new Set<ChildProcess>();
  /** What a server said at its end that nobody had asked it to end. */
  const unasked: string[] = [];

  const server: ServerProcess = {
    host,
    port,
    url: `http://${host}:${port}/`,
    webSocketUrl: `ws://${host}:${port}/ws`,
    dataDir,
    get pid() {
      return child?.pid ?? expect.fail('the server does not run');
    },
    async start() {
      const own = ['--port', String(port), '--data', dataDir, ...hostFlags];
      started = runServer([...own, ...flags], within);
      const { child: current, listening, output } = started;
      child = current;
      current.once('exit', (code, signal) => {
        if (!wasKilled.has(current)) unasked.push(`${signal ?? code}: ${output().stderr}`);
      });
      await listening;
    },
    async kill(signal) {
      if (!child || child.exitCode !== null || child.signalCode !== null) return null;
      const exited = once(child, 'exit');
      wasKilled.add(child);
      child.kill(signal);
      const [code] = await exited;
      return typeof code === 'number' ? code : null;
    },
    output: () => started?.output() ?? { stdout: '', stderr: '' },
    leaveOutputUnread() {
      child?.stdout?.pause();
      child?.stderr?.pause();
    },
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    memoryBytes() {
      const current = child;
      if (!current?.stdout) throw new Error('the server does not run');
      const { stdout } = current;
      return new Promise((resolve) => {
        const look = (chunk: Buffer) => {
          const told = /memory (\d+) bytes/.exec(String(chunk));
          if (!told) return;
          stdout.off('data', look);
          resolve(Number(told[1]));
        };
        stdout.on('data', look);
        current.kill('SIGUSR2');
      });
    },
  };
  onTestFinished(async () => {
    await server.kill('SIGKILL');
    await rm(dataDir, { recursive: true, force: true, maxRetries: 10 });
    // It may have been started again since, and the test be none the wiser.
    if (unasked.length > 0) throw new Error(`a server ended by itself with ${unasked.join('\n')}`);
  });
  await server.start();
  return server;
}

/** Runs the built server with these flags, and gives what it printed and its exit code at its end. */
export async function runToEnd(flags: readonly string[]) {
  const { child, output } = runServer(flags);
  onTestFinished(() => void child.kill('SIGKILL'));
  const [code] = await once(child, 'close');
  return { code, ...output() };
}

function runServer(flags: readonly string[], within: readonly string[] = []) {
  const node = [process.execPath, '--expose-gc', '--import', tellMemory, entry];
  const [command = '', ...args] = [...within, ...node, ...flags];
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  const listening = new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      if (stdout.includes('Heartline is at')) resolve();
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.once('exit', (code) =>
      reject(new Error(`the server ended with ${code} before it listened: ${stderr}`)),
    );
  });
  // Who only wants to see it end does not await this.
  listening.catch(() => {});
  return { child, listening, output: () => ({ stdout, stderr }) };
}

/** A port of this machine that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
