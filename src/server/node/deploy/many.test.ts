/** The files of the guide for several gateways: what systemd and the server make of them. */
import { readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parseOptions } from '../options';
import { optionTable } from '../optionTable';
import { complaintsAbout, parseUnit } from './testUnit';

const read = (name: string) => readFile(new URL(`many/${name}`, import.meta.url), 'utf8');

async function service(): Promise<(name: string) => string> {
  const settings = parseUnit(await read('heartline@.service')).get('Service');
  return (name) => settings?.get(name)?.join(' ') ?? expect.fail(`${name} is not set`);
}

/** What the gateway at this port is told by unit and environment file. */
async function optionsAt(port: number) {
  const setting = await service();
  const command = setting('ExecStart').replaceAll('%i', String(port));
  const [flags = ''] = command.split('dist-server/heartline.js ').slice(1);
  const own = setting('Environment').split(' ');
  const environment = {
    ...Object.fromEntries(own.map((each) => each.split('='))),
    ...parseEnv(await read('heartline.env')),
  };
  const parsed = parseOptions(flags.split(' '), environment);
  return 'options' in parsed ? parsed.options : expect.fail('there are no options');
}

describe('the unit of one gateway among several', () => {
  it('keeps nothing in a folder, and everything in Redis', async () => {
    const unit = parseUnit(await read('heartline@.service'));
    expect(unit.get('Service')?.has('StateDirectory')).toBe(false);
    const { log, redis } = await optionsAt(6969);
    expect(log).toBe('redis');
    expect(redis).toMatchObject({
      url: expect.stringContaining('redis://heartline:'),
      prefix: 'hl:',
    });
  });

  it('gives each gateway of a host a port and a port for its metrics', async () => {
    expect(await optionsAt(6969)).toMatchObject({ port: 6969, metricsPort: 16_969 });
    expect(await optionsAt(6970)).toMatchObject({ port: 6970, metricsPort: 16_970 });
  });

  it('does not start without its settings, and starts as often as it takes', async () => {
    const unit = parseUnit(await read('heartline@.service'));
    const setting = await service();
    expect(setting('EnvironmentFile')).toBe('/etc/heartline.env');
    expect(setting('Restart')).toBe('on-failure');
    expect(unit.get('Unit')?.get('StartLimitIntervalSec')).toEqual(['0']);
    // What main ends with when it cannot understand an option.
    expect(setting('RestartPreventExitStatus')).toBe('2');
  });

  it('leaves it the time to end, and the files for its connections', async () => {
    const setting = await service();
    const { drainTimeoutMs, maxConnections } = await optionsAt(6969);
    expect(setting('KillSignal')).toBe('SIGTERM');
    expect(Number(setting('TimeoutStopSec')) * 1_000).toBeGreaterThan(drainTimeoutMs);
    expect(Number(setting('LimitNOFILE'))).toBeGreaterThan(maxConnections + 2_000);
  });

  it('is as shut in as the unit of a server by itself', async () => {
    const one = parseUnit(await read('../heartline.service')).get('Service');
    const many = parseUnit(await read('heartline@.service')).get('Service');
    const names = [...(one?.keys() ?? [])].filter((name) =>
      /^(Protect|Restrict|Private|SystemCall|NoNew|Capability|Ambient|Lock|RemoveIPC)/.test(name),
    );
    expect(names.length).toBeGreaterThan(15);
    for (const name of names) expect([name, many?.get(name)]).toEqual([name, one?.get(name)]);
  });

  it('is what systemd understands, where there is one', async () => {
    const name = 'heartline@6969.service';
    expect(await complaintsAbout(await read('heartline@.service'), name)).toBe('');
  });
});

describe('the environment file', () => {
  it('has variables that the server knows, and no other', async () => {
    const known = Object.values(optionTable).map(({ variable }) => variable);
    const named = Object.keys(parseEnv(await read('heartline.env')));
    expect(named.length).toBeGreaterThan(5);
    expect(known).toEqual(expect.arrayContaining(named));
  });

  it('believes the nginx whose site is beside it, which sends to where it listens', async () => {
    const { host, trustedProxies } = await optionsAt(6969);
    expect(await read('nginx.conf')).toContain(`server ${host}:6969 `);
    expect(await read('nginx.conf')).toContain(`server ${host}:6970 `);
    expect(trustedProxies).toHaveLength(1);
  });
});

describe('the guide', () => {
  it.each(['README.md', 'capacity.md'])('names no variable that nobody knows: %s', async (name) => {
    const known = Object.values(optionTable).map(({ variable }) => variable);
    const named = [...(await read(name)).matchAll(/\b([A-Z]{2,}(?:_[A-Z]+)+)\b/g)].map(
      ([, variable = '']) => variable,
    );
    expect([...new Set(named)].filter((variable) => !known.includes(variable))).toEqual([]);
  });

  it.each(['README.md', 'capacity.md'])('leads to files that are there: %s', async (name) => {
    const links = [...(await read(name)).matchAll(/\]\((?!https?:|#)([^)#]+)/g)];
    expect(links.length).toBeGreaterThan(0);
    for (const [, path = ''] of links) await read(path);
  });
});
