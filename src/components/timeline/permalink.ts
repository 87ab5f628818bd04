/** The address of one message: the page's, with the message's place behind the `#`. */

/** The place that the part of an address behind its `#` names, as `#seq=5` or `#5`. */
export function seqInHash(hash: string): number | undefined {
  const text = hash.replace(/^#/, '');
  const value = /^\d+$/.test(text) ? text : new URLSearchParams(text).get('seq');
  if (value === null || !/^\d+$/.test(value)) return undefined;
  const seq = Number(value);
  return Number.isSafeInteger(seq) && seq > 0 ? seq : undefined;
}

/**
 * What others need to come to a message: the room, its key if it is a private one, and the message. Nothing
 * of who gives it away, such as a name in the address, goes with it.
 */
export function messageLink(pageUrl: string, room: string, seq: number): string {
  const url = new URL(pageUrl);
  const server = url.searchParams.get('server');
  const key = new URLSearchParams(url.hash.slice(1)).get('key');
  url.search = `${new URLSearchParams({ room, ...(server !== null && { server }) })}`;
  url.hash = `${new URLSearchParams({ ...(key !== null && { key }), seq: String(seq) })}`;
  return url.href;
}
