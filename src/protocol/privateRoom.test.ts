import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { roomSchema } from './fields';
import {
  isPrivateRoom,
  mayEnter,
  roomKeyBytes,
  roomKeyOf,
  roomKeySchema,
  roomOfKey,
} from './privateRoom';

const key = 'AAECAwQFBgcICQoLDA0ODw';

describe('a private room’s name', () => {
  it('is always the same for a key, and fits where names of rooms do', () => {
    expect(roomOfKey(key)).toBe('p-lutbdvne3uvubmtx37nv5t23jg');
    expect(v.is(roomSchema, roomOfKey(key))).toBe(true);
  });

  it('is the first 130 bits of the key’s SHA-256 in base32', async () => {
    const digits = 'abcdefghijklmnopqrstuvwxyz234567';
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 16, maxLength: 48 }), async (random) => {
        const one = roomKeyOf(random);
        const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(one));
        const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0'));
        let rest = BigInt(`0x${hex.join('')}`) >> 126n;
        let name = '';
        for (let index = 0; index < 26; index += 1) {
          name = digits.charAt(Number(rest % 32n)) + name;
          rest /= 32n;
        }
        expect(roomOfKey(one)).toBe(`p-${name}`);
      }),
      { numRuns: 50 },
    );
  });

  it('is known by its beginning, so that half a link opens no room at all', () => {
    for (const room of [roomOfKey(key), 'p-', 'p-lutb', 'p-tea']) {
      expect(isPrivateRoom(room)).toBe(true);
      expect(mayEnter(room, undefined)).toBe(false);
    }
    for (const room of ['lobby', 'p', 'pea', 'p_tea']) expect(mayEnter(room, undefined)).toBe(true);
  });

  it('opens to its own key alone', () => {
    const room = roomOfKey(key);
    expect(mayEnter(room, key)).toBe(true);
    expect(mayEnter(room, `${key}A`)).toBe(false);
    expect(mayEnter(room, key.toLowerCase())).toBe(false);
    expect(mayEnter(room, room)).toBe(false);
    expect(mayEnter(`${room}a`, key)).toBe(false);
  });
});

describe('a room key', () => {
  it('is 128 random bits as text', () => {
    const bytes = Uint8Array.from({ length: roomKeyBytes }, (_, index) => index);
    expect(roomKeyOf(bytes)).toBe(key);
    expect(roomKeyOf(new Uint8Array(16).fill(0xff))).toBe('_____________________w');
    expect(() => roomKeyOf(new Uint8Array(15))).toThrow('16 bytes');
  });

  it.each([key, 'x'.repeat(22), '_-'.repeat(32)])('may be %s', (each) => {
    expect(v.is(roomKeySchema, each)).toBe(true);
  });

  it.each(['', 'short', 'x'.repeat(21), 'x'.repeat(65), `${key}=`, `${key} `, `${key}\n`])(
    'may not be %j',
    (each) => {
      expect(v.is(roomKeySchema, each)).toBe(false);
    },
  );
});
