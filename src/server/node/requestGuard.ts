/**
 * Which requests this server takes for its own: it knows the name that it is called by, the scheme and
 * the client behind proxies that are trusted, and the pages that may connect. A page from elsewhere is
 * kept out even if it reaches this server under a name of its own.
 */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { clientAddressOf, trustedHops, trustIn } from './clientAddress';

export interface RequestGuardOptions {
  /** Origins other than the server's own whose pages may connect. */
  allowedOrigins: readonly string[];
  /** Addresses and networks of proxies whose X-Forwarded-For, -Proto and -Host are believed. */
  trustedProxies: readonly string[];
}

export interface RequestGuard {
  /** The client's address, as limits count it. */
  addressOf(request: IncomingMessage): string;
  /** Whether what comes from this address is believed who it speaks for. */
  isProxy(address: string): boolean;
  /** A proxy that is trusted says that the client speaks TLS. */
  isSecure(request: IncomingMessage): boolean;
  /** Why the name that the request calls this server by is not believed; undefined if it is. */
  whyMisdirected(request: IncomingMessage): string | undefined;
  /** Why the page that the request comes from may not connect; undefined if it may, or is no page. */
  whyForeign(request: IncomingMessage): string | undefined;
}

/** Throws an Error that names the proxy that is neither an address nor a network. */
export function createRequestGuard({
  allowedOrigins,
  trustedProxies,
}: RequestGuardOptions): RequestGuard {
  const trust = trustIn(trustedProxies);
  const allowedHosts = new Set(allowedOrigins.map((origin) => new URL(origin).host));

  /** What the trusted proxy that is nearest to the client says. */
  function told(request: IncomingMessage, header: 'x-forwarded-proto' | 'x-forwarded-host') {
    const hops = trustedHops(request, trust);
    const values = listIn(request.headers[header]);
    // Each proxy adds to the end, so that what stands further left was said by the client.
    return hops === 0 ? undefined : values[Math.max(0, values.length - hops)];
  }

  const hostOf = (request: IncomingMessage) =>
    told(request, 'x-forwarded-host') ?? request.headers.host;

  /** Undefined if no trusted proxy says: one that says nothing may stand before us and end TLS. */
  function schemeOf(request: IncomingMessage): 'http' | 'https' | undefined {
    const scheme = told(request, 'x-forwarded-proto');
    return scheme === 'https' || scheme === 'http' ? scheme : undefined;
  }

  return {
    addressOf: (request) => clientAddressOf(request, trust),
    isProxy: (address) => trust(address, 0),
    isSecure: (request) => schemeOf(request) === 'https',

    /*
     * DNS rebinding: a page at http://evil.example has its name resolved to 127.0.0.1 once it is loaded.
     * Its Origin and the Host it asks for are then the same, and the browser would carry it into a chat
     * that only this machine or network can reach. It holds nobody's token, which lie with the true
     * origin, but as a guest it could read and write. So a name that somebody can own is not believed
     * where all is as such a page would have it: from this network, at our own port, without TLS, and
     * with no mark of a proxy, as the browser's WebSocket can set no header. Whoever stands before us,
     * with headers or without, differs in one of these; a name of one's own in one's own network has to
     * be allowed, which the answer says.
     */
    whyMisdirected(request) {
      const host = hostOf(request);
      if (host === undefined || isByProxy(request.headers)) return undefined;
      const { localAddress, localPort, remoteAddress } = request.socket;
      if (isPublic(localAddress) || isPublic(remoteAddress)) return undefined;
      if (request.headers.origin?.startsWith('https:')) return undefined;
      const called = urlOf(host);
      if (called) {
        const isOurPort = Number(called.port || 80) === localPort;
        const isBelieved = isUnownable(called.hostname) || allowedHosts.has(called.host);
        if (isBelieved || !isOurPort) return undefined;
      }
      return `this server does not know that it is called "${host}"; ${hint(request, host)}`;
    },

    /*
     * Browsers always send an Origin; who sends none is no page, and has no user's session to misuse.
     * Scheme, host and port have to be the same. Where no trusted proxy tells the scheme, one that says
     * nothing may end TLS: host and port decide then, by the scheme of the page. A page of the same host
     * by another scheme is taken for our own, which is less harm than to keep everybody out.
     */
    whyForeign(request) {
      const { origin } = request.headers;
      if (origin === undefined) return undefined;
      const host = hostOf(request);
      if (URL.canParse(origin) && host !== undefined) {
        const { protocol, origin: page } = new URL(origin);
        if (allowedOrigins.includes(page)) return undefined;
        const scheme = schemeOf(request) ?? protocol.slice(0, -1);
        const own = `${scheme}://${host}`;
        if (URL.canParse(own) && page !== 'null' && page === new URL(own).origin) return undefined;
      }
      return `the origin "${origin}" may not connect; ${hint(request, host ?? '')}`;
    },
  };
}

function hint(request: IncomingMessage, host: string): string {
  const { origin = `http://${host}` } = request.headers;
  const address = request.socket.remoteAddress?.replace('::ffff:', '');
  const behindProxy = `behind a proxy that ends TLS, --trust-proxy ${address} and its X-Forwarded headers do`;
  return `--allow-origin ${origin} lets it in; ${behindProxy}`;
}

/** Whether a proxy has left its mark, trusted or not. */
export function isByProxy(headers: IncomingHttpHeaders): boolean {
  const forwarded = ['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'forwarded'];
  const marks = [...forwarded, 'x-real-ip', 'via'];
  return marks.some((mark) => headers[mark] !== undefined);
}

function listIn(header: string | string[] | undefined): string[] {
  return [header ?? []]
    .flat()
    .join(',')
    .split(',')
    .map((each) => each.trim().toLowerCase())
    .filter((each) => each !== '');
}

/** What a Host header names; undefined if it is no host. */
function urlOf(host: string): URL | undefined {
  const url = `http://${host}`;
  return URL.canParse(url) ? new URL(url) : undefined;
}

/** Names that no stranger can make resolve: RFC 6761, 6762 and 8375, and ICANN's `internal`. */
const reservedNames = ['localhost', 'local', 'internal', 'home.arpa'];

/** No stranger can own it: an address, a name of one word, or one that is reserved for homes. */
function isUnownable(name: string): boolean {
  const isAddress = isIP(name.replace(/^\[|\]$/g, '')) !== 0;
  const bare = name.replace(/\.$/, '');
  const isReserved = reservedNames.some((top) => bare === top || bare.endsWith(`.${top}`));
  return isAddress || isReserved || !bare.includes('.');
}

const privateNetworks = trustIn([
  'loopback',
  'linklocal',
  'uniquelocal',
  // Carriers' and overlay networks (RFC 6598).
  '100.64.0.0/10',
]);

function isPublic(address: string | undefined): boolean {
  return address !== undefined && !privateNetworks(address, 0);
}
