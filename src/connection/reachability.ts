/**
 * What stands in the way of a socket that does not open. A page cannot know: no network, no server
 * and no permission all look like close code 1006 (WHATWG WebSockets, "fail the connection"). One
 * HTTP request to the same server tells them apart.
 */
export type Diagnosis =
  /** The browser says so, or nothing answers here nor elsewhere. */
  | 'no network'
  /** Neither yes nor no comes back: the network is gone, or the server stands still. */
  | 'no answer'
  /** The network answers, the server does not, or it says itself that it cannot. */
  | 'server down'
  /** Something in between asks who one is. */
  | 'sign in'
  /** The server answers HTTP, and yet no WebSocket gets through. */
  | 'blocked';

export interface ReachabilityOptions {
  /** An address of the server that a GET may ask for without harm. */
  url: string;
  /** An address elsewhere that answers where there is a network: of the page itself, say. */
  elsewhere?: string | undefined;
  /** What the browser says of the network. */
  isOnline(): boolean;
  /** What an answer may take, in ms; 5,000 if not given. */
  timeoutMs?: number;
  fetch?: typeof globalThis.fetch;
}

/** Finds out what stands in the way. Never rejects. */
export async function checkReachability(options: ReachabilityOptions): Promise<Diagnosis> {
  const { url, elsewhere, isOnline, timeoutMs = 5_000, fetch = globalThis.fetch } = options;
  if (!isOnline()) return 'no network';

  const ask = (address: string, init: RequestInit) =>
    fetch(address, { cache: 'no-store', signal: AbortSignal.timeout(timeoutMs), ...init });
  const answers = (address: string) =>
    ask(address, { mode: 'no-cors' }).then(
      () => true,
      () => false,
    );

  try {
    // A sign-in page in between answers with a redirect to itself.
    const { status, type } = await ask(url, { redirect: 'manual' });
    if (type === 'opaqueredirect' || [401, 403, 407, 511].includes(status)) return 'sign in';
    return status >= 500 ? 'server down' : 'blocked';
  } catch (error) {
    // A server elsewhere that does not let pages read its answers may still answer.
    if (elsewhere !== undefined && (await answers(url))) return 'blocked';
    if (elsewhere !== undefined) return (await answers(elsewhere)) ? 'server down' : 'no network';
    // Where there is a network, the absence of a server is said at once.
    return error instanceof DOMException && error.name === 'TimeoutError'
      ? 'no answer'
      : 'server down';
  }
}
