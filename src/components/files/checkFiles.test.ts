import { describe, expect, it } from 'vitest';
import { checkFiles, mostFiles } from './checkFiles';

const file = (name: string, bytes = 3) => new File(['x'.repeat(bytes)], name);
const limits = { largestBytes: 10, attached: 0 };

describe('of the files that were chosen', () => {
  it('those are taken that can be sent, up to the largest there may be', () => {
    const chosen = [file('a'), file('b', 10)];
    expect(checkFiles(chosen, limits)).toEqual({ taken: chosen, refused: [] });
  });

  it('those that are empty or too large are refused, each with its reason', () => {
    const good = file('good');
    expect(checkFiles([file('none', 0), good, file('large', 11)], limits)).toEqual({
      taken: [good],
      refused: [
        { name: 'none', why: 'empty' },
        { name: 'large', why: 'too large' },
      ],
    });
  });

  it('as many are taken as there is room for beside those that are attached', () => {
    const chosen = [file('a'), file('b'), file('c')];
    const { taken, refused } = checkFiles(chosen, { ...limits, attached: mostFiles - 2 });
    expect(taken).toEqual(chosen.slice(0, 2));
    expect(refused).toEqual([{ name: 'c', why: 'too many' }]);
  });
});
