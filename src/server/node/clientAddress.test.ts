import { describe, expect, it } from 'vitest';
import { requestFrom } from '../../testing/requestFrom';
import { clientAddressOf, trustedHops, trustIn } from './clientAddress';

function addressOf(from: string | undefined, forwardedFor?: string, proxies: string[] = []) {
  const headers: Record<string, string> =
    forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor };
  return clientAddressOf(requestFrom({ from, headers }), trustIn(proxies));
}

describe('the address that limits count', () => {
  it('is that of the connection, whatever a header says, if no proxy is trusted', () => {
    expect(addressOf('203.0.113.7', '198.51.100.1')).toBe('203.0.113.7');
    expect(addressOf('127.0.0.1', '198.51.100.1')).toBe('127.0.0.1');
  });

  it('is told by a trusted proxy', () => {
    expect(addressOf('127.0.0.1', '198.51.100.1', ['127.0.0.1'])).toBe('198.51.100.1');
    expect(addressOf('10.1.2.3', '198.51.100.1', ['10.0.0.0/8'])).toBe('198.51.100.1');
    expect(addressOf('::ffff:10.1.2.3', '198.51.100.1', ['10.0.0.0/8'])).toBe('198.51.100.1');
  });

  it('is told by nobody who says that there are proxies further away', () => {
    const forged = '9.9.9.9, 198.51.100.1';
    expect(addressOf('127.0.0.1', forged, ['127.0.0.1'])).toBe('198.51.100.1');
  });

  it('is the last before a row of trusted proxies', () => {
    const row = '9.9.9.9, 198.51.100.1, 10.0.0.2, 10.0.0.3';
    expect(addressOf('127.0.0.1', row, ['loopback', '10.0.0.0/8'])).toBe('198.51.100.1');
  });

  it('is the proxy’s own where that tells no address', () => {
    for (const nothing of ['unknown', '198.51.100.1:4711', '<script>', '']) {
      expect(addressOf('127.0.0.1', nothing, ['127.0.0.1'])).toBe('127.0.0.1');
    }
  });

  it.each([
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::ffff:cb00:7107', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('of %s is %s', (address, key) => {
    expect(addressOf(address)).toBe(key);
    if (!address.includes('%')) expect(addressOf('127.0.0.1', address, ['loopback'])).toBe(key);
  });

  it('is empty when the line has ended', () => {
    expect(addressOf(undefined, '198.51.100.1', ['loopback'])).toBe('');
  });
});

describe('trusted proxies', () => {
  it('are counted from this server on', () => {
    const hops = (from: string, forwardedFor: string) =>
      trustedHops(
        requestFrom({ from, headers: { 'x-forwarded-for': forwardedFor } }),
        trustIn(['10.0.0.0/8']),
      );
    expect(hops('203.0.113.7', '10.0.0.1')).toBe(0);
    expect(hops('10.0.0.1', '')).toBe(1);
    expect(hops('10.0.0.1', '203.0.113.7')).toBe(1);
    expect(hops('10.0.0.1', '203.0.113.7, 10.0.0.2')).toBe(2);
    expect(hops('10.0.0.1', '10.0.0.9, 203.0.113.7, 10.0.0.2')).toBe(2);
  });

  it.each(['nginx', '10.0.0.0/33', '0.0.0.0/0', '::/0', ''])('are not %j', (proxy) => {
    expect(() => trustIn([proxy])).toThrow();
  });
});
