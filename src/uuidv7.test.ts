import { describe, expect, it } from 'vitest';
import { uuidv7 } from './uuidv7';

describe('an id', () => {
  it('is a UUID of version 7, and says when it was made', () => {
    const now = Date.UTC(2400, 0, 1);
    const id = uuidv7(now);
    expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(now);
  });

  it('sorts in the order of making, however many are made at once', () => {
    const ids = Array.from({ length: 20_000 }, () => uuidv7());
    expect(ids).toEqual([...ids].sort());
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('does not go back with the clock', () => {
    const now = Date.UTC(2401, 0, 1);
    expect(uuidv7(now) < uuidv7(now - 5_000)).toBe(true);
  });
});
