/**
 * Debian's nginx with the very sites that the deployment's guides give, on ports, names and paths of a
 * test's own. Its certificate is made for it, so that TLS is real.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import { findOrInstall } from './debian';
import { freePort } from './serverProcess';

const pathOf = (site: string) =>
  fileURLToPath(new URL(`../../server/node/deploy/${site}`, import.meta.url));

export interface Nginx {
  /** `localhost:port`, under TLS. */
  readonly host: string;
  readonly webSocketUrl: string;
  /** Where the page is, ending in a slash. */
  readonly siteUrl: string;
  /** The port that only sends on to TLS. */
  readonly plainPort: number;
  /** The certificate that signs itself. */
  readonly ca: string;
  /** What it has noted of lines that failed, and of itself. */
  errors(): string;
}

export interface Site {
  /** Goes into the location. */
  more?: string;
  /** The server is under `/chat/`, as the guide puts it there. */
  isUnderPath?: boolean;
  /** Nothing is encrypted. */
  isPlain?: boolean;
  /** Says nothing of the client, as a proxy does that was told nothing but to pass on. */
  isMute?: boolean;
}

/** Starts it before the server at this port; gone when the test is over. */
export async function startNginx(
  serverPort: number,
  { more = '', isMute = false, isUnderPath = false, isPlain = false }: Site = {},
): Promise<Nginx> {
  const underPath = isUnderPath ? await locationsUnderPath() : undefined;
  const url = `${isPlain ? 'http' : 'https'}://host${isUnderPath ? '/chat/' : '/'}`;
  return runSite('nginx.conf', new URL(url), [
    [/^ {4}location \/ \{[\s\S]*^ {4}\}\n(?=\})/gm, underPath],
    [/(listen 127\.0\.0\.1:\d+) ssl;/g, isPlain ? (_, listen) => `${listen};` : undefined],
    [/^ *ssl_.*\n/gm, isPlain ? '' : undefined],
    [/^ *proxy_set_header X-Forwarded-.*\n/gm, isMute ? '' : undefined],
    [
      /proxy_pass http:\/\/127\.0\.0\.1:6969(\/?);/g,
      (_, slash) => `proxy_pass http://127.0.0.1:${serverPort}${slash}; ${more}`,
    ],
  ]);
}

async function locationsUnderPath(): Promise<string> {
  const guide = await readFile(pathOf('README.md'), 'utf8');
  const [, locations] = /```nginx\n([\s\S]+?)```/.exec(guide) ?? [];
  if (!locations) throw new Error('the guide has no site under a path');
  return locations;
}

/** Starts the site of several gateways before those at these ports, in place of those that it names. */
export function startNginxBefore(serverPorts: readonly number[]): Promise<Nginx> {
  const named = ['10.0.0.11:6969', '10.0.0.11:6970', '10.0.0.12:6969', '10.0.0.12:6970'];
  if (serverPorts.length > named.length) throw new Error(`the site names ${named.length} gateways`);
  return runSite(
    'many/nginx.conf',
    new URL('https://host/'),
    named.map((address, index): Replacement => {
      const port = serverPorts[index];
      const line = new RegExp(`server ${address}(?= )`, 'g');
      return [line, port === undefined ? '# not here:' : `server 127.0.0.1:${port}`];
    }),
  );
}

type Replacement = readonly [
  sought: RegExp,
  by: string | ((found: string, part: string) => string) | undefined,
];

/** What nginx itself says of the site of several gateways with the addresses that it names; '' is well. */
export async function complaintsAboutSite(): Promise<string> {
  const { folder } = await prepareSite('many/nginx.conf', []);
  const { stderr } = spawnSync(findOrInstall('nginx'), ['-t', '-q', ...placeOf(folder)]);
  return String(stderr);
}

const placeOf = (folder: string) => ['-p', folder, '-e', 'stderr', '-c', 'nginx.conf'];

async function prepareSite(path: string, replacements: readonly Replacement[]) {
  const folder = await mkdtemp(join(tmpdir(), 'heartline-nginx-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  // Its workers are another user's processes.
  await chmod(folder, 0o711);
  const [port, plainPort] = [await freePort(), await freePort()];
  const certificate = makeCertificate(folder);
  const site = replaceAll(await readFile(pathOf(path), 'utf8'), [
    [/^ *listen \[::\].*\n/gm, ''],
    [/listen 80;/g, `listen 127.0.0.1:${plainPort};`],
    [/listen 443 ssl;/g, `listen 127.0.0.1:${port} ssl;`],
    [/\/etc\/letsencrypt\/live\/chat\.example\/fullchain\.pem/g, certificate.path],
    [/\/etc\/letsencrypt\/live\/chat\.example\/privkey\.pem/g, certificate.keyPath],
    [/chat\.example/g, 'localhost'],
    ...replacements,
  ]);
  await writeFile(join(folder, 'nginx.conf'), mainConfiguration(site));

  return { folder, port, plainPort, certificate };
}

/** `site` is where its page is, but for the host. */
async function runSite(
  path: string,
  site: URL,
  replacements: readonly Replacement[],
): Promise<Nginx> {
  const { folder, port, plainPort, certificate } = await prepareSite(path, replacements);
  const child = spawn(findOrInstall('nginx'), placeOf(folder), {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const exited = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await exited;
  });
  await expect
    .poll(() => {
      if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}: ${errors}`);
      return isListening(port);
    })
    .toBe(true);

  return {
    host: `localhost:${port}`,
    siteUrl: `${site.protocol}//localhost:${port}${site.pathname}`,
    webSocketUrl: `${site.protocol.replace('http', 'ws')}//localhost:${port}${site.pathname}ws`,
    plainPort,
    ca: await readFile(certificate.path, 'utf8'),
    errors: () => errors,
  };
}

/** What Debian's own nginx.conf is around a site, with every path in the prefix folder. */
function mainConfiguration(site: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
    daemon off;
    pid nginx.pid;
    worker_processes 1;
    worker_rlimit_nofile 8192;
    error_log stderr info;
    events { worker_connections 4096; }
    http {
      access_log off;
      ${temporary.map((name) => `${name}_temp_path ${name};`).join('\n')}
      ${site}
    }`;
}

/** Each has to be there: a site that no longer says it would else be run unchanged. */
function replaceAll(text: string, replacements: readonly Replacement[]): string {
  return replacements.reduce((changed, [sought, by]) => {
    if (changed.search(sought) < 0) throw new Error(`the site has no ${sought}`);
    if (by === undefined) return changed;
    return typeof by === 'string' ? changed.replace(sought, () => by) : changed.replace(sought, by);
  }, text);
}

function makeCertificate(folder: string) {
  const [path, keyPath] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '1'];
  const files = ['-keyout', keyPath, '-out', path];
  execFileSync(findOrInstall('openssl'), ['req', '-x509', ...key, ...name, ...files], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return { path, keyPath };
}

async function isListening(port: number): Promise<boolean> {
  const line = connect({ port, host: '127.0.0.1' });
  try {
    await once(line, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    line.destroy();
  }
}
