/**
 * Which addresses this server pushes to. An endpoint comes from a client, and whoever may name any
 * address makes the server knock on doors inside its own network: so there is a list of who is known.
 */

/** The push services of the browsers. A leading dot stands for every subdomain. */
const knownHosts = [
  // Chrome, and most browsers made of it.
  'fcm.googleapis.com',
  'android.googleapis.com',
  // Firefox.
  'updates.push.services.mozilla.com',
  '.push.services.mozilla.com',
  // Edge.
  '.notify.windows.com',
  // Safari.
  'web.push.apple.com',
  '.push.apple.com',
];

/**
 * Why an endpoint may not be pushed to; undefined if it may. `ownServices` are origins that may be,
 * too, whatever and wherever they are.
 */
export function whyEndpointRefused(
  endpoint: string,
  ownServices: readonly string[],
): string | undefined {
  if (!URL.canParse(endpoint)) return 'the endpoint is no address';
  const url = new URL(endpoint);
  // What is written otherwise than it is understood, another reader may understand otherwise.
  if (url.href !== endpoint) return 'the endpoint is not written as an address is';
  if (url.username !== '' || url.password !== '') return 'the endpoint has a user name';
  if (endpoint.includes('#')) return 'the endpoint has a fragment';
  if (ownServices.includes(url.origin)) return undefined;
  if (url.protocol !== 'https:') return 'the endpoint is not https';
  if (url.port !== '') return 'the endpoint has a port';
  return isKnown(url.hostname) ? undefined : 'the endpoint is of no push service known here';
}

function isKnown(hostname: string): boolean {
  return knownHosts.some((known) =>
    known.startsWith('.') ? hostname.endsWith(known) : hostname === known,
  );
}
