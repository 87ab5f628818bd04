import { describe, expect, it } from 'vitest';
import { openingTimeoutMs } from './openingTimeout';

const policy = { connectTimeoutMs: 10_000, factor: 1.2 };

describe('what a try may take to open its socket', () => {
  it('is all the time there is while nobody knows how long it takes here', () => {
    expect(openingTimeoutMs(policy, 0, undefined)).toBe(10_000);
    expect(openingTimeoutMs(policy, 7, undefined)).toBe(10_000);
  });

  it('is a second at first where it took some ms last, and more with every try that failed', () => {
    const timeouts = [1, 2, 3, 4, 5].map((attempt) => openingTimeoutMs(policy, attempt, 30));
    expect(timeouts).toEqual([1_000, 1_200, 1_440, 1_728, 2_074]);
  });

  it('is ten times what it took last where the network is slow', () => {
    expect(openingTimeoutMs(policy, 1, 400)).toBe(4_000);
  });

  it('never exceeds what opening and handshake may take together', () => {
    expect(openingTimeoutMs(policy, 1, 3_000)).toBe(10_000);
    expect(openingTimeoutMs(policy, 200, 30)).toBe(10_000);
  });
});
