/** What the WebSocket API allows a page to close with (WHATWG WebSockets, `close()`). */

/** The longest close reason, in bytes of UTF-8 (RFC 6455 section 5.5: a control frame's payload). */
const maxReasonBytes = 123;

/** Throws a RangeError for a code that a page may not send: only 1000 and 3000-4999 are its own. */
export function checkCloseCode(code: number): void {
  if (code === 1000 || (code >= 3000 && code <= 4999)) return;
  throw new RangeError(`close code ${code}: a page may send 1000 or 3000 to 4999`);
}

/** The reason, cut to 123 bytes of UTF-8 without splitting a character. */
export function cutCloseReason(reason: string): string {
  const room = new Uint8Array(maxReasonBytes);
  const { read } = new TextEncoder().encodeInto(reason, room);
  return reason.slice(0, read);
}
