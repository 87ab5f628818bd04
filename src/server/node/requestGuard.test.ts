import { describe, expect, it } from 'vitest';
import { type RequestParts, requestFrom } from '../../testing/requestFrom';
import { createRequestGuard } from './requestGuard';

interface Given extends RequestParts {
  allowed?: string[];
  trusted?: string[];
}

function admissionOf({ allowed = [], trusted = [], ...parts }: Given) {
  const guard = createRequestGuard({ allowedOrigins: allowed, trustedProxies: trusted });
  const request = requestFrom({ from: '127.0.0.1', ...parts });
  return {
    misdirected: guard.whyMisdirected(request),
    foreign: guard.whyForeign(request),
    isSecure: guard.isSecure(request),
  };
}

const origins = (origin: string, host: string, more: Record<string, string> = {}) => ({
  headers: { origin, host, ...more },
});

describe('a page', () => {
  it.each([
    ['http://localhost:6969', 'localhost:6969'],
    ['http://chat.example', 'chat.example'],
    ['http://chat.example', 'chat.example:80'],
    ['http://chat.example', 'CHAT.example'],
    ['http://[::1]:6969', '[::1]:6969'],
  ])('of %s may connect to %s, its own server', (origin, host) => {
    expect(admissionOf(origins(origin, host)).foreign).toBeUndefined();
  });

  it.each([
    ['https://evil.example', 'chat.example'],
    ['https://chat.example:8443', 'chat.example'],
    ['http://chat.example:8080', 'chat.example'],
    ['http://chat.example.evil.example', 'chat.example'],
    ['http://chat.example@evil.example', 'chat.example'],
    ['null', 'chat.example'],
    ['file://', 'chat.example'],
    ['', 'chat.example'],
    ['http://[bad', '[bad'],
  ])('of %j may not connect to %s, and is told how it could', (origin, host) => {
    const { foreign } = admissionOf(origins(origin, host));
    expect(foreign).toContain(`"${origin}"`);
    expect(foreign).toContain('--allow-origin');
    expect(foreign).toContain('--trust-proxy 127.0.0.1');
  });

  it('on the list may connect, from this origin exactly', () => {
    const allowed = ['https://friend.example'];
    const of = (origin: string) => admissionOf({ allowed, ...origins(origin, 'x') }).foreign;
    expect(of('https://friend.example')).toBeUndefined();
    expect(of('http://friend.example')).toBeDefined();
    expect(of('https://friend.example:8443')).toBeDefined();
  });

  it('needs no permission to be no page at all', () => {
    expect(admissionOf({ headers: { host: 'localhost' } }).foreign).toBeUndefined();
  });

  it('behind a trusted proxy is measured by the scheme and the host that the proxy tells', () => {
    const trusted = ['127.0.0.1'];
    const told = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'chat.example' };
    const of = (origin: string) =>
      admissionOf({ trusted, ...origins(origin, '127.0.0.1:6969', told) });
    expect(of('https://chat.example').foreign).toBeUndefined();
    expect(of('http://chat.example').foreign).toBeDefined();
    expect(of('http://127.0.0.1:6969').foreign).toBeDefined();
    expect(of('https://chat.example').isSecure).toBe(true);
  });

  it('behind two trusted proxies is measured by what the outer one tells, not the client', () => {
    const given = origins('https://chat.example', 'chat.example', {
      'x-forwarded-for': '198.51.100.1, 10.0.0.2',
      'x-forwarded-proto': 'http, https, http',
    });
    expect(admissionOf({ trusted: ['loopback', '10.0.0.0/8'], ...given })).toMatchObject({
      foreign: undefined,
      isSecure: true,
    });
  });

  it('behind a proxy that says nothing is measured by host and port, whoever ends TLS', () => {
    for (const origin of ['https://chat.example', 'http://chat.example']) {
      const { foreign, misdirected, isSecure } = admissionOf(origins(origin, 'chat.example'));
      expect([foreign, misdirected, isSecure]).toEqual([undefined, undefined, false]);
    }
  });

  it('behind a proxy that is not trusted is measured by host and port, as the scheme is not known', () => {
    const told = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil.example' };
    const of = (origin: string) => admissionOf(origins(origin, 'chat.example', told));
    expect(of('https://chat.example').foreign).toBeUndefined();
    expect(of('http://chat.example').foreign).toBeUndefined();
    expect(of('https://evil.example').foreign).toBeDefined();
    expect(of('https://chat.example:8443').foreign).toBeDefined();
    expect(of('https://chat.example').isSecure).toBe(false);
  });
});

describe('a name that this server is called by', () => {
  const called = (host: string, more: Given = {}) =>
    admissionOf({ ...more, headers: { host, ...more.headers } }).misdirected;

  it.each([
    'localhost:6969',
    'a.localhost',
    '127.0.0.1:6969',
    '192.168.1.20',
    '[::1]:6969',
    'nas:6969',
    'nas.local',
    'nas.local.',
    'nas.home.arpa',
    'chat.internal',
  ])('%s is believed: no stranger can own it', (host) => {
    for (const to of ['127.0.0.1', '::1', '::ffff:192.168.1.20']) {
      expect(called(host, { to })).toBeUndefined();
    }
  });

  it.each([
    '127.0.0.1',
    '::1',
    '10.0.0.5',
    '::ffff:192.168.1.20',
    '100.64.0.9',
    'fd00::5',
    undefined,
  ])('is not believed at %s if a page from elsewhere may have made it resolve to there', (to) => {
    for (const host of [
      'evil.example:6969',
      'evil.example.:6969',
      'localhost.evil.example:6969',
      '[bad',
    ]) {
      const why = admissionOf({ to, headers: { host, origin: `http://${host}` } }).misdirected;
      expect(why).toContain(`"${host}"`);
      expect(why).toContain(`--allow-origin http://${host}`);
    }
  });

  it('is believed at a public address: what is there anybody can reach', () => {
    expect(called('chat.example:6969', { to: '203.0.113.5' })).toBeUndefined();
    expect(called('chat.example:6969', { to: '2001:db8::5' })).toBeUndefined();
  });

  it('is believed of who comes from a public address, as where a router hands its port on', () => {
    const more = { from: '198.51.100.1', to: '10.0.0.5' };
    expect(called('chat.example:6969', more)).toBeUndefined();
  });

  it('is believed at port 80 for a server at port 80 no more than at any other', () => {
    expect(called('evil.example', { port: 80 })).toBeDefined();
    expect(called('evil.example:80', { port: 80 })).toBeDefined();
  });

  it('is believed at a port that is not ours, or of a page that has TLS: somebody stands before us', () => {
    expect(called('chat.example')).toBeUndefined();
    expect(called('chat.example:8080')).toBeUndefined();
    const headers = { origin: 'https://chat.example:6969' };
    expect(called('chat.example:6969', { headers })).toBeUndefined();
  });

  it('is believed if it is on the list', () => {
    const allowed = ['http://chat.example:6969'];
    expect(called('chat.example:6969', { allowed })).toBeUndefined();
    expect(called('www.chat.example:6969', { allowed })).toBeDefined();
  });

  it('is believed behind a proxy, trusted or not: a page’s WebSocket cannot set its headers', () => {
    const headers = { 'x-forwarded-for': '198.51.100.1' };
    expect(called('chat.example:6969', { headers })).toBeUndefined();
    expect(called('chat.example:6969', { headers, trusted: ['127.0.0.1'] })).toBeUndefined();
  });
});
