/** The files of the deployment's guide: what systemd and the server would make of them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseOptions } from '../options';

const read = (name: string) => readFile(new URL(name, import.meta.url), 'utf8');

type Unit = Map<string, Map<string, string[]>>;

/** The settings of a unit file by section and name. Throws on a line that is none. */
function parseUnit(text: string): Unit {
  const unit: Unit = new Map();
  let section: Map<string, string[]> | undefined;
  for (const line of text.split('\n').map((each) => each.trim())) {
    const [, title] = /^\[(\w+)\]$/.exec(line) ?? [];
    const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (line === '' || line.startsWith('#')) continue;
    if (title !== undefined) {
      section = new Map();
      unit.set(title, section);
    } else if (section && name !== undefined && value !== undefined) {
      section.set(name, [...(section.get(name) ?? []), value]);
    } else throw new Error(`the unit has the line "${line}"`);
  }
  return unit;
}

async function service(): Promise<(name: string) => string> {
  const settings = parseUnit(await read('heartline.service')).get('Service');
  return (name) => settings?.get(name)?.join(' ') ?? expect.fail(`${name} is not set`);
}

/** What the server is told by nobody. */
function defaults() {
  const parsed = parseOptions([], {});
  return 'options' in parsed ? parsed.options : expect.fail('there are no options');
}

describe('the systemd unit', () => {
  it('has the sections and settings that it promises', async () => {
    const unit = parseUnit(await read('heartline.service'));
    expect([...unit.keys()]).toEqual(['Unit', 'Service', 'Install']);
    expect(unit.get('Install')?.get('WantedBy')).toEqual(['multi-user.target']);
    const setting = await service();
    expect(setting('DynamicUser')).toBe('yes');
    expect(setting('StateDirectory')).toBe('heartline');
    expect(setting('ProtectSystem')).toBe('strict');
    expect(setting('NoNewPrivileges')).toBe('yes');
    expect(setting('Restart')).toBe('on-failure');
  });

  it('starts the server with flags and variables that it knows, kept to this machine', async () => {
    const setting = await service();
    const [, , program, ...flags] = setting('ExecStart').split(' ');
    expect(program).toBe('dist-server/heartline.js');
    expect(setting('ExecStart')).toMatch(/ --data \$\{STATE_DIRECTORY\}$/);
    const variables = setting('Environment').split(' ');
    const environment = Object.fromEntries(variables.map((each) => each.split('=')));
    expect(parseOptions(flags, environment)).toMatchObject({
      options: { host: '127.0.0.1', trustedProxies: ['127.0.0.1'] },
    });
  });

  it('leaves it the time that it may take to end', async () => {
    const setting = await service();
    expect(setting('KillSignal')).toBe('SIGTERM');
    expect(Number(setting('TimeoutStopSec')) * 1_000).toBeGreaterThan(defaults().drainTimeoutMs);
  });

  it('allows more open files than there may be connections', async () => {
    const setting = await service();
    expect(Number(setting('LimitNOFILE'))).toBeGreaterThan(defaults().maxConnections + 2_000);
  });

  it('runs Node as package.json does', async () => {
    const manifest: unknown = JSON.parse(await read('../../../../package.json'));
    const setting = await service();
    const command = setting('ExecStart').replace('/usr/bin/', '').split(' --data')[0];
    expect(manifest).toMatchObject({ scripts: { serve: command } });
  });

  it('is what systemd understands, where there is one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'heartline-unit-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const path = join(folder, 'heartline.service');
    const text = await read('heartline.service');
    await writeFile(path, text.replace('/usr/bin/node', process.execPath));
    // It names every line that it does not know, and what is not there to be run.
    const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;
    const complaints = hasSystemd
      ? execFileSync('systemd-analyze', ['verify', path], { encoding: 'utf8', stdio: 'pipe' })
      : [...(parseUnit(text).get('Service')?.keys() ?? [])].filter((key) => !known.has(key)).join();
    expect(complaints).toBe('');
  });
});

/** The settings of a service that the manual has: systemd.exec, .service, .kill and .resource-control. */
const known = new Set(
  `AmbientCapabilities CapabilityBoundingSet DynamicUser Environment EnvironmentFile ExecStart KillMode
  KillSignal LimitNOFILE LockPersonality NoNewPrivileges PrivateDevices PrivateTmp ProtectClock
  ProtectControlGroups ProtectHome ProtectHostname ProtectKernelLogs ProtectKernelModules
  ProtectKernelTunables ProtectProc ProtectSystem RemoveIPC Restart RestartSec RestrictAddressFamilies
  RestrictNamespaces RestrictRealtime RestrictSUIDSGID StateDirectory StateDirectoryMode
  SystemCallArchitectures SystemCallErrorNumber SystemCallFilter TimeoutStopSec UMask
  WorkingDirectory`.split(/\s+/),
);
