import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tunedNumbers } from './ranges';
import { readTuning, withTuning } from './tuneQuery';
import { type Tuning, tuningRanges } from './types';

describe('a tuning in the address', () => {
  it('can be read by a person', () => {
    const tuning = { intervalMs: 5_000, timeoutMs: 2_000, maxRetries: 3, isAdaptive: true };
    const href = withTuning('https://chat.example/a/?room=tea#5', tuning);
    expect(href).toBe(
      'https://chat.example/a/?room=tea&tune=interval-5000.timeout-2000.tries-3.adaptive-on#5',
    );
  });

  it('replaces another one, and goes where nothing is tuned', () => {
    const href = 'https://chat.example/?tune=ack-1000';
    expect(withTuning(href, { capMs: 9 })).toBe('https://chat.example/?tune=cap-9');
    expect(withTuning(href, {})).toBe('https://chat.example/');
  });

  it('is read as it was written, whatever it is', () => {
    const number = (name: keyof typeof tuningRanges) => {
      const [min, max] = tuningRanges[name];
      return fc.integer({ min, max });
    };
    const anyTuning: fc.Arbitrary<Tuning> = fc.record(
      {
        ...Object.fromEntries(tunedNumbers.map((name) => [name, number(name)])),
        isAdaptive: fc.boolean(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(anyTuning, (tuning) => {
        expect(readTuning(new URL(withTuning('https://chat.example/', tuning)).search)).toEqual(
          tuning,
        );
      }),
    );
  });

  it.each([
    ['', {}],
    ['?tune=', {}],
    ['?tune=nonsense', {}],
    ['?tune=interval-', {}],
    ['?tune=interval--5.timeout-1e3.ack-12x', {}],
    ['?tune=speed-5.adaptive-perhaps.base-200', { baseMs: 200 }],
    ['?tune=interval-1.timeout-999999999', { intervalMs: 1_000, timeoutMs: 60_000 }],
    ['?tune=__proto__-5.constructor-1', {}],
  ])('leaves out of %s what makes no sense', (search, tuning) => {
    expect(readTuning(search)).toEqual(tuning);
  });
});
