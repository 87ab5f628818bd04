import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sharedRedis } from '../../e2e/support/redis';
import { hashSlot } from './hashSlot';

describe('the slot of a key', () => {
  const redis = sharedRedis({ 'cluster-enabled': 'yes', 'cluster-config-file': 'nodes.conf' });

  it('is that of the specification’s example', () => {
    expect(hashSlot('123456789')).toBe(0x31c3);
  });

  it('is the one that Redis says, with braces and without', async () => {
    const key = fc.string({
      unit: fc.constantFrom('a', '{', '}', '7', ':', 'é', '心'),
      maxLength: 9,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(key, { minLength: 5, maxLength: 20 }), async (keys) => {
        const slots = keys.map((each) => redis().command('CLUSTER', 'KEYSLOT', each));
        expect(await Promise.all(slots)).toEqual(keys.map(hashSlot));
      }),
      { numRuns: 5 },
    );
  });
});
