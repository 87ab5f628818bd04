/**
 * The servers that are measured beside each other, each a process of its own on core 0: ours as it is
 * built and run, its log on the disk that the project is on; and the peers of `../peers`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { freePort } from '../../e2e/support/serverProcess';
import { buildForProduction } from './build';
import { bunName, findOrInstallBun } from './bun';
import { cacheFolder } from './cacheFolder';
import { withVersion } from './report';

export type ServerName = 'ws' | 'socket.io' | 'bun' | 'heartline';

export interface MeasuredServer {
  readonly name: ServerName;
  readonly dialect: 'bare' | 'socket.io' | 'heartline';
  readonly port: number;
  readonly pid: number;
  /** Where it keeps its log, if it has one. */
  readonly dataDir: string | undefined;
  /** Ends it as a crash does, and starts it on the same port with the same data; ms until it listens. */
  restart(): Promise<number>;
  close(): Promise<void>;
}

export interface MeasuredServers {
  /** Those that can be had here and were asked for, in the order of the table. */
  readonly names: readonly ServerName[];
  /** Package and version of each. */
  readonly versions: readonly string[];
  /** A fresh one; `flags` are its own. Ends with the test, or when closed. */
  start(name: ServerName, flags?: readonly string[]): Promise<MeasuredServer>;
}

const allNames: readonly ServerName[] = ['ws', 'socket.io', 'bun', 'heartline'];

const heartlineEntry = fileURLToPath(new URL('../../../dist-server/heartline.js', import.meta.url));

/** Builds the peers' servers, and finds out which of those asked for there can be, `among` some or all. */
export async function prepareServers(
  among: readonly ServerName[] = allNames,
): Promise<MeasuredServers> {
  if (availableParallelism() < 2) {
    throw new Error('the server benchmarks need two cores: one for the server, one for the load');
  }
  const wanted = wantedNames().filter((name) => among.includes(name));
  const peers = new URL('peers/', cacheFolder);
  await buildPeers(fileURLToPath(peers));
  const bun = wanted.includes('bun') ? await findOrInstallBun() : undefined;
  const names = allNames.filter((name) => wanted.includes(name) && (name !== 'bun' || bun));

  function start(name: ServerName, flags: readonly string[] = []): Promise<MeasuredServer> {
    const peer = (file: string) => fileURLToPath(new URL(file, peers));
    switch (name) {
      case 'ws':
        return startPeer(name, 'bare', [process.execPath, peer('ws.js'), ...flags]);
      case 'socket.io':
        return startPeer(name, name, [process.execPath, peer('socketIo.js'), ...flags]);
      case 'bun':
        return startPeer(name, 'bare', [bun ?? 'bun', peer('bun.js'), ...flags]);
      case 'heartline':
        return startHeartline(flags);
    }
  }

  const packages = await Promise.all(['ws', 'socket.io'].map(withVersion));
  return { names, versions: [...packages, ...(bun ? [bunName] : [])], start };
}

/** Resident memory of a process, in KiB. */
export async function residentKib(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(status);
  if (!found) throw new Error(`process ${pid} has no VmRSS`);
  return Number(found[1]);
}

/** Those in `BENCH_SERVERS`, or all. */
function wantedNames(): ServerName[] {
  const named = process.env.BENCH_SERVERS?.split(',');
  for (const name of named ?? []) {
    if (!allNames.some((each) => each === name)) {
      throw new Error(`BENCH_SERVERS: "${name}" is none of ${allNames.join(', ')}`);
    }
  }
  return allNames.filter((name) => named?.includes(name) ?? true);
}

async function buildPeers(outDir: string): Promise<void> {
  const source = (file: string) => fileURLToPath(new URL(`../peers/${file}`, import.meta.url));
  await buildForProduction({
    root: fileURLToPath(new URL('..', import.meta.url)),
    publicDir: false,
    build: {
      ssr: true,
      outDir,
      emptyOutDir: true,
      minify: false,
      target: 'node20',
      rolldownOptions: {
        input: { ws: source('ws.ts'), socketIo: source('socketIo.ts'), bun: source('bun.ts') },
        output: { entryFileNames: '[name].js' },
      },
    },
  });
}

async function startPeer(
  name: ServerName,
  dialect: MeasuredServer['dialect'],
  command: readonly string[],
): Promise<MeasuredServer> {
  const { child, port } = await run(command, /listening on port (\d+)/);
  return {
    name,
    dialect,
    port,
    pid: pidOf(child),
    dataDir: undefined,
    restart: () => Promise.reject(new Error(`${name} keeps nothing that outlives its process`)),
    close: () => end(child),
  };
}

async function startHeartline(flags: readonly string[]): Promise<MeasuredServer> {
  const port = await freePort();
  const dataDir = await mkdtemp(fileURLToPath(new URL('data-', cacheFolder)));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const address = ['--host', '127.0.0.1', '--port', String(port), '--data', dataDir];
  // Everybody comes from one address here, and says as much as can be said.
  const settings = [...address, '--limits', 'off', ...flags];
  const command = [process.execPath, '--max-semi-space-size=4', heartlineEntry, ...settings];
  const listening = /Heartline is at/;
  let { child } = await run(command, listening);
  return {
    name: 'heartline',
    dialect: 'heartline',
    port,
    get pid() {
      return pidOf(child);
    },
    dataDir,
    async restart() {
      await end(child);
      const startedAt = performance.now();
      child = (await run(command, listening)).child;
      return performance.now() - startedAt;
    },
    async close() {
      await end(child);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Runs a command on core 0 until it prints what says that it listens. */
async function run(command: readonly string[], listening: RegExp) {
  const { NODE_ENV: _, VITEST: __, ...env } = process.env;
  const child = spawn('taskset', ['-c', '0', ...command], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  });
  onTestFinished(() => end(child));
  let output = '';
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      output += chunk;
      const found = listening.exec(output);
      if (found) resolve(Number(found[1]));
    });
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${command.join(' ')}: ${code}: ${output}`)));
  });
  return { child, port };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('the server has no process');
  return pid;
}
