/**
 * Whose request it is, as limits count: the address at the far end of the proxies that are trusted, and
 * of no others, as anybody can write a header.
 */
import type { IncomingMessage } from 'node:http';
import { isIP, isIPv6 } from 'node:net';
import proxyAddress from 'proxy-addr';

/** Whether what the sender at this address says of those behind it is believed. */
export type Trust = (address: string, hops: number) => boolean;

/**
 * Trusts the proxies at these addresses and in these networks (`10.0.0.0/8`, or one of proxy-addr's
 * names such as `loopback`). Throws an Error that names the one that is neither.
 */
export function trustIn(proxies: readonly string[]): Trust {
  return proxyAddress.compile([...proxies]);
}

/**
 * The address that limits count this request by: the last one in X-Forwarded-For that is not a trusted
 * proxy's, else that of the connection. IPv4 also where IPv6 wraps it (RFC 4291 section 2.5.5.2); of
 * IPv6 the network of 64 bits that one household has (RFC 6177), as `2001:db8:0:1::/64`.
 */
export function clientAddressOf(request: IncomingMessage, trust: Trust): string {
  const told = proxyAddress(request, trust);
  // A proxy may write `unknown` or a port: then all that is known is the proxy itself.
  const known = isIP(told) ? told : request.socket.remoteAddress;
  // A line that has ended by now has none.
  return known === undefined ? '' : addressKey(known);
}

/** How many proxies in a row, counted from this server, are trusted. */
export function trustedHops(request: IncomingMessage, trust: Trust): number {
  const { remoteAddress } = request.socket;
  if (remoteAddress === undefined || !trust(remoteAddress, 0)) return 0;
  return Math.max(1, proxyAddress.all(request, trust).length - 1);
}

/** What limits count an address by; see `clientAddressOf`. */
export function addressKey(address: string): string {
  if (!isIPv6(address)) return address;
  const groups = groupsOf(address);
  const [high = 0, low = 0] = groups.slice(6);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (isMapped) return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
  const network = groups.slice(0, 4).map((group) => group.toString(16));
  return `${network.join(':')}::/64`;
}

/** The eight numbers of a valid IPv6 address. */
function groupsOf(address: string): number[] {
  const [withoutZone = ''] = address.split('%');
  // The URL parser writes every address in one way, without dots.
  const { hostname } = new URL(`http://[${withoutZone}]`);
  const [start = '', end] = hostname.slice(1, -1).split('::');
  const numbers = (text: string) =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
  const [left, right] = [numbers(start), numbers(end ?? '')];
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => 0);
  return [...left, ...zeros, ...right];
}
