/**
 * Hosts of their own, each a network namespace with two cables to the rest of the world, which is this machine: one
 * for people, one for Redis. A cable that is pulled carries nothing and says nothing, as a real one.
 */
import { execFileSync } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { findCommand, install, mayUseApt } from './debian';
import { type ServerProcess, startServer } from './serverProcess';

/** For people, and for Redis. */
type Cable = 'lines' | 'store';

export interface Host {
  /** Where this machine is seen from there, on the cable for Redis. */
  readonly redisAddress: string;
  /** A server there, which people reach by the other cable. */
  startServer(flags: readonly string[]): Promise<ServerProcess>;
  pull(cable: Cable): void;
  plugIn(cable: Cable): void;
}

const nameOf = (number: number) => `heartline-${number}`;

/** The ends here have no more than 15 characters. */
const endOf = (cable: Cable, number: number) => `hl-${cable}-${number}`;

/** A network for each cable: here is .1, the host is .2. */
const networks: Record<Cable, string> = { lines: '10.77', store: '10.78' };

/** Whether this user on this machine may make hosts: it takes root, and a kernel that lets it. */
export function mayMakeHosts(): boolean {
  if (process.getuid?.() !== 0) return false;
  try {
    if (!findCommand('ip') && mayUseApt()) install('iproute2');
    const probe = 'heartline-probe';
    ip('netns', 'add', probe);
    try {
      ip('link', 'add', 'hl-probe', 'type', 'veth', 'peer', 'name', 'probe', 'netns', probe);
    } finally {
      ip('netns', 'del', probe);
    }
    return true;
  } catch {
    return false;
  }
}

/** So many hosts; gone when the test is over. */
export function makeHosts(count: number): Host[] {
  return Array.from({ length: count }, (_, index) => makeHost(index + 1));
}

function makeHost(number: number): Host {
  const name = nameOf(number);
  const cables: readonly Cable[] = ['lines', 'store'];
  // Of an earlier run that did not get to its end.
  quietly(() => ip('netns', 'del', name));
  ip('netns', 'add', name);
  // Its ends of the cables go with it, and ours with those.
  onTestFinished(() => quietly(() => ip('netns', 'del', name)));
  ip('-n', name, 'link', 'set', 'lo', 'up');
  for (const cable of cables) {
    const here = endOf(cable, number);
    ip('link', 'add', here, 'type', 'veth', 'peer', 'name', cable, 'netns', name);
    ip('address', 'add', `${networks[cable]}.${number}.1/24`, 'dev', here);
    ip('-n', name, 'address', 'add', `${networks[cable]}.${number}.2/24`, 'dev', cable);
    ip('link', 'set', here, 'up');
    ip('-n', name, 'link', 'set', cable, 'up');
  }
  const address = `${networks.lines}.${number}.2`;
  return {
    redisAddress: `${networks.store}.${number}.1`,
    startServer: (flags) => startServer(flags, address, [ipCommand(), 'netns', 'exec', name]),
    pull: (cable) => ip('link', 'set', endOf(cable, number), 'down'),
    plugIn: (cable) => ip('link', 'set', endOf(cable, number), 'up'),
  };
}

function ipCommand(): string {
  const command = findCommand('ip');
  if (!command) throw new Error('there is no ip: install iproute2');
  return command;
}

function ip(...args: string[]): void {
  execFileSync(ipCommand(), args, { stdio: 'pipe' });
}

function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // It was not there.
  }
}
