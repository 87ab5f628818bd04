import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../../../protocol/limits';
import { packFrames } from './packFrames';

describe('frames that travel together', () => {
  it('are one message, the frame itself if it is alone', () => {
    expect(packFrames([])).toEqual([]);
    expect(packFrames(['{"n":1}'])).toEqual(['{"n":1}']);
    expect(packFrames(['{"n":1}', '{"n":2}'])).toEqual(['[{"n":1},{"n":2}]']);
  });

  it('all arrive in order, no more in a message than it may carry', () => {
    fc.assert(
      fc.property(fc.nat(3 * limits.framesPerMessage), (count) => {
        const frames = Array.from({ length: count }, (_, n) => ({ n }));
        const texts = packFrames(frames.map((frame) => JSON.stringify(frame)));
        const messages = texts.map((text) => [JSON.parse(text)].flat());
        expect(messages.flat()).toEqual(frames);
        for (const { length } of messages) {
          expect(length).toBeLessThanOrEqual(limits.framesPerMessage);
        }
      }),
      { numRuns: 30 },
    );
  });
});
