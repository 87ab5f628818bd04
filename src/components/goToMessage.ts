/**
 * Names a message in the page's address, behind the `#` and beside a private room's key, as its permalink
 * does; whoever draws the conversation follows it there.
 */
export function goToMessage(seq: number): void {
  const parts = new URLSearchParams(location.hash.slice(1));
  const isThere = parts.get('seq') === String(seq);
  parts.set('seq', String(seq));
  // To the same message again is a way, too, though the address stays as it is.
  if (isThere) window.dispatchEvent(new HashChangeEvent('hashchange'));
  else location.hash = String(parts);
}
