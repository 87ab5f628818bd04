/**
 * Ids that no other page makes, and that sort as text in the order of their making (UUIDv7, RFC 9562 section
 * 5.7): the time in ms, then a counter for what is made within one ms (section 6.2, method 1), then chance.
 */

const maxCounter = 0xfff;

let latestMs = 0;
let counter = 0;

/** `now` is in ms since 1970; should the clock go back, the ids do not. */
export function uuidv7(now = Date.now()): string {
  if (now > latestMs) {
    latestMs = now;
    counter = 0;
  } else if (++counter > maxCounter) {
    // More than fit into one ms: the next one is taken before its time.
    latestMs += 1;
    counter = 0;
  }
  const random = crypto.getRandomValues(new Uint8Array(8));
  // The variant takes the two highest bits of what is chance.
  random[0] = 0x80 | ((random[0] ?? 0) & 0x3f);
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
  const time = hex(latestMs, 12);
  const tail = Array.from(random, (byte) => hex(byte, 2)).join('');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(counter, 3)}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}
