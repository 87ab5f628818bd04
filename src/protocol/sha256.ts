/**
 * SHA-256 (FIPS 180-4), at once and in a few lines: browsers have it only as a promise, and only in secure
 * contexts, and a page that is to load fast has no room for a whole library. What is hashed here is short
 * and no secret of a server: nothing depends on how long it takes.
 */

/** The first 64 primes: what the constants are made of (sections 4.2.2 and 5.3.3). */
const primes: number[] = [];
for (let n = 2; primes.length < 64; n += 1) if (primes.every((prime) => n % prime)) primes.push(n);

/** The first 32 bits behind the point. */
const fractionOf = (root: number) => ((root - Math.floor(root)) * 2 ** 32) | 0;

const initialHash = primes.slice(0, 8).map((prime) => fractionOf(Math.sqrt(prime)));
const roundConstants = primes.map((prime) => fractionOf(Math.cbrt(prime)));

const rotate = (word: number, bits: number) => (word >>> bits) | (word << (32 - bits));

/** The hash of these bytes, of which there may be up to half a gigabyte: 32 bytes. */
export function sha256(message: Uint8Array): Uint8Array {
  // A one bit, zeros, and the length in bits, up to a whole number of blocks (section 5.1.1).
  const padded = new DataView(new ArrayBuffer(((message.length + 72) >>> 6) << 6));
  new Uint8Array(padded.buffer).set(message);
  padded.setUint8(message.length, 0x80);
  padded.setUint32(padded.byteLength - 4, message.length * 8);

  const hash = Int32Array.from(initialHash);
  for (let at = 0; at < padded.byteLength; at += 64) addBlock(hash, padded, at);

  const digest = new DataView(new ArrayBuffer(32));
  for (const [index, word] of hash.entries()) digest.setInt32(index * 4, word);
  return new Uint8Array(digest.buffer);
}

/** Section 6.2.2; the names of the words are the standard's. */
function addBlock(hash: Int32Array, message: DataView, at: number) {
  const schedule: number[] = [];
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = hash;
  roundConstants.forEach((constant, t) => {
    const back = (words: number) => schedule[t - words] ?? 0;
    const near = back(2);
    const far = back(15);
    const word =
      t < 16
        ? message.getInt32(at + t * 4)
        : ((rotate(near, 17) ^ rotate(near, 19) ^ (near >>> 10)) +
            back(7) +
            (rotate(far, 7) ^ rotate(far, 18) ^ (far >>> 3)) +
            back(16)) |
          0;
    schedule.push(word);
    const choice = (e & f) ^ (~e & g);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const first = h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + choice + constant + word;
    const second = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + majority;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  });
  [a, b, c, d, e, f, g, h].forEach((word, index) => {
    hash[index] = (hash[index] ?? 0) + word;
  });
}
