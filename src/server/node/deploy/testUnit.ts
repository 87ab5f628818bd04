/** Reads the unit files of the guides, and has systemd read them where there is one. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export type Unit = Map<string, Map<string, string[]>>;

/** The settings of a unit file by section and name. Throws on a line that is none. */
export function parseUnit(text: string): Unit {
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

/** Every line of the unit that systemd does not know, and what is not there to be run; '' is as it should be. */
export async function complaintsAbout(text: string, name: string): Promise<string> {
  const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;
  if (!hasSystemd) {
    return [...(parseUnit(text).get('Service')?.keys() ?? [])]
      .filter((key) => !known.has(key))
      .join();
  }
  const folder = await mkdtemp(join(tmpdir(), 'heartline-unit-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, name);
  await writeFile(path, text.replace('/usr/bin/node', process.execPath));
  return execFileSync('systemd-analyze', ['verify', path], { encoding: 'utf8', stdio: 'pipe' });
}

/** The settings of a service that the manual has: systemd.exec, .service, .kill and .resource-control. */
const known = new Set(
  `AmbientCapabilities CapabilityBoundingSet DynamicUser Environment EnvironmentFile ExecStart KillMode
  KillSignal LimitNOFILE LockPersonality NoNewPrivileges PrivateDevices PrivateTmp ProtectClock
  ProtectControlGroups ProtectHome ProtectHostname ProtectKernelLogs ProtectKernelModules
  ProtectKernelTunables ProtectProc ProtectSystem RemoveIPC Restart RestartPreventExitStatus RestartSec RestrictAddressFamilies
  RestrictNamespaces RestrictRealtime RestrictSUIDSGID StateDirectory StateDirectoryMode
  SystemCallArchitectures SystemCallErrorNumber SystemCallFilter TimeoutStopSec UMask
  WorkingDirectory`.split(/\s+/),
);
