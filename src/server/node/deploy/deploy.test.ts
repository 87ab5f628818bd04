/** The files of the deployment's guide: what systemd and the server would make of them. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parseOptions } from '../options';
import { complaintsAbout, parseUnit } from './testUnit';

const read = (name: string) => readFile(new URL(name, import.meta.url), 'utf8');

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
    expect(await complaintsAbout(await read('heartline.service'), 'heartline.service')).toBe('');
  });
});
