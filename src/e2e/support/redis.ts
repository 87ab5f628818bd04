/**
 * Debian's redis-server as a process of its own, which a test can stop, kill, freeze, cut back to a replica
 * and start again on the same port with the same data. It keeps an append-only file and syncs it with every
 * write, as the guide has it, unless a test asks for something else.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'redis';
import { afterAll, beforeAll, expect, onTestFinished, vi } from 'vitest';
import { findOrInstall } from './debian';
import { patienceMs } from './patience';

/** Lines of a redis.conf, each with one value. */
export type RedisSettings = Readonly<Record<string, string>>;

export interface RedisServer {
  readonly port: number;
  /** `redis://127.0.0.1:port`; with a password only if the settings have one. */
  readonly url: string;
  /** Where its files are. */
  readonly folder: string;
  /** Starts it again on its port with its files. Resolves when it takes connections. */
  start(): Promise<void>;
  /** Ends it as its host's shutdown does: all that it holds is written. */
  stop(): Promise<void>;
  /** `kill -9`. */
  kill(): Promise<void>;
  /** Removes its files; it must not run. */
  loseFiles(): Promise<void>;
  /** SIGSTOP: its connections stay open, and nothing is answered. */
  pause(): Promise<void>;
  /** SIGCONT. */
  resume(): void;
  /** Copies another from now on: resolves once it has all of that one's data; `undefined`: it is a master. */
  replicaOf(master: RedisServer | undefined): Promise<void>;
  /** Sends one command on a connection of its own. */
  command(...args: string[]): Promise<unknown>;
  /** All that it has printed since its latest start. */
  output(): string;
}

const usual: RedisSettings = {
  bind: '127.0.0.1',
  daemonize: 'no',
  save: '',
  appendonly: 'yes',
  appendfsync: 'always',
  // Nobody else is expected to copy it: a copy begins at once.
  'repl-diskless-sync-delay': '0',
};

/** None outlives the tests, however they end. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** How long what has to come is waited for at most, in ms. */
const patience = { timeout: patienceMs, interval: 20 };

/** Starts one on a free port; ended and swept when the test is over. */
export async function startRedis(settings: RedisSettings = {}): Promise<RedisServer> {
  const { server, end } = await launch(settings);
  onTestFinished(end);
  return server;
}

/** A whole redis.conf, of which only port and folder are a test's own, and whom `command` speaks as. */
export interface RedisFile {
  text: string;
  user: string;
  password: string;
}

/** Starts one with nothing but that; ended and swept when the test is over. Rejects if it ends at once. */
export async function startRedisWith(file: RedisFile): Promise<RedisServer> {
  const { server, end } = await launch({}, file);
  onTestFinished(end);
  return server;
}

/** One for all tests of a file or of a `describe`, to be called there; the tests get it by calling that. */
export function sharedRedis(settings: RedisSettings = {}): () => RedisServer {
  return shared(() => launch(settings));
}

/** Three nodes that share the slots, for all tests of a file or of a `describe`: the first one's URL is enough. */
export function sharedRedisCluster(settings: RedisSettings = {}): () => readonly RedisServer[] {
  return shared(async () => {
    const launching = [0, 1, 2].map(() => launch({ ...settings, ...ofCluster }));
    const results = await Promise.allSettled(launching);
    const launched = results.flatMap((result) =>
      result.status === 'fulfilled' ? result.value : [],
    );
    const nodes = launched.map(({ server }) => server);
    const end = async () => void (await Promise.all(launched.map((each) => each.end())));
    try {
      // One that did not start says why.
      await Promise.all(launching);
      await joinCluster(nodes);
    } catch (error) {
      await end();
      throw error;
    }
    return { server: nodes, end };
  });
}

const ofCluster: RedisSettings = {
  'cluster-enabled': 'yes',
  'cluster-config-file': 'nodes.conf',
  'cluster-announce-ip': '127.0.0.1',
};

function shared<Server>(start: () => Promise<Launched<Server>>): () => Server {
  let started: Launched<Server> | undefined;
  beforeAll(async () => {
    started = await start();
  }, 60_000);
  afterAll(() => started?.end());
  return () => started?.server ?? expect.fail('Redis was not started');
}

interface Launched<Server> {
  server: Server;
  end(): Promise<void>;
}

/** Another process may take a port between the look and the start: then there is another try. */
async function launch(
  settings: RedisSettings,
  file?: RedisFile,
  tries = 3,
): Promise<Launched<RedisServer>> {
  try {
    return await launchOnce(settings, file);
  } catch (error) {
    const isTaken = error instanceof Error && error.message.includes('Address already in use');
    if (!isTaken || tries <= 1) throw error;
    return launch(settings, file, tries - 1);
  }
}

async function launchOnce(
  settings: RedisSettings,
  file?: RedisFile,
): Promise<Launched<RedisServer>> {
  const command = findOrInstall('redis-server');
  const folder = await mkdtemp(join(tmpdir(), 'heartline-redis-'));
  const port = await freePortWithBus();
  const { user = '', password = settings.requirepass } = file ?? {};
  const access = password ? `${user}:${encodeURIComponent(password)}@` : '';
  const url = `redis://${access}127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  let output = '';

  async function signal(name: 'SIGTERM' | 'SIGKILL') {
    if (!isRunning(child)) return;
    const exited = once(child, 'exit');
    child.kill(name);
    await exited;
  }

  const server: RedisServer = {
    port,
    url,
    folder,
    async start() {
      const own = { port: String(port), dir: folder };
      const all = file ? own : { ...usual, ...own, ...settings };
      const flags = Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]);
      if (file) {
        const path = join(folder, 'redis.conf');
        await writeFile(path, file.text);
        flags.unshift(path);
      }
      const started = spawn(command, flags, { stdio: ['ignore', 'pipe', 'pipe'] });
      child = started;
      running.add(started);
      started.once('exit', () => running.delete(started));
      output = '';
      await new Promise<void>((resolve, reject) => {
        const take = (chunk: Buffer) => {
          output += String(chunk);
          if (output.includes('Ready to accept connections')) resolve();
        };
        started.stdout.on('data', take);
        started.stderr.on('data', take);
        started.once('error', reject);
        // Its output has been read by then.
        started.once('close', () => reject(new Error(`redis-server ended: ${output}`)));
      });
    },
    stop: () => signal('SIGTERM'),
    kill: () => signal('SIGKILL'),
    async loseFiles() {
      if (isRunning(child)) throw new Error('redis-server still has its files open');
      for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
    },
    async pause() {
      child?.kill('SIGSTOP');
      // The signal is on its way: only a process that is stopped answers nothing more.
      await until(() => readFile(`/proc/${child?.pid}/status`, 'utf8'), /^State:\s+T/m);
    },
    resume: () => void child?.kill('SIGCONT'),
    async replicaOf(master) {
      if (!master) return void (await server.command('REPLICAOF', 'NO', 'ONE'));
      await server.command('REPLICAOF', '127.0.0.1', String(master.port));
      await until(() => server.command('INFO', 'replication'), /master_link_status:up/);
    },
    async command(...args) {
      const client = createClient({ url, RESP: 2, socket: { reconnectStrategy: false } });
      client.on('error', () => {});
      await client.connect();
      try {
        return await client.sendCommand(args);
      } finally {
        client.destroy();
      }
    },
    output: () => output,
  };

  const end = async () => {
    await server.kill();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await server.start();
  } catch (error) {
    await end();
    throw error;
  }
  return { server, end };
}

function isRunning(child: ChildProcess | undefined): child is ChildProcess {
  return child !== undefined && child.exitCode === null && child.signalCode === null;
}

/** Asks again and again until the answer has it. */
const until = (ask: () => Promise<unknown>, sought: RegExp) =>
  vi.waitFor(async () => expect(await ask()).toMatch(sought), patience);

const slots = 16_384;

async function joinCluster(nodes: readonly RedisServer[]): Promise<void> {
  const [first] = nodes;
  for (const [index, node] of nodes.entries()) {
    const from = Math.floor((slots * index) / nodes.length);
    const to = Math.floor((slots * (index + 1)) / nodes.length) - 1;
    await node.command('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
    await node.command('CLUSTER', 'ADDSLOTSRANGE', String(from), String(to));
    if (first && node !== first) {
      await node.command('CLUSTER', 'MEET', '127.0.0.1', String(first.port));
    }
  }
  for (const node of nodes) {
    const ask = () => node.command('CLUSTER', 'INFO');
    await until(ask, /cluster_state:ok/);
    await until(ask, /cluster_known_nodes:3/);
  }
}

/**
 * A free port below those that the system gives to outgoing connections, so that none of them takes it while
 * the server is away; the one for the bus of a cluster, 10,000 above, is free as well.
 */
async function freePortWithBus(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = 10_240 + Math.floor(Math.random() * 9_760);
    if ((await isFree(port)) && (await isFree(port + 10_000))) return port;
  }
  throw new Error('no free port');
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
