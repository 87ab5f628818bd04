import { describe, expect, it } from 'vitest';
import { createBoundedTurns } from './boundedTurns';

describe('calls in turn', () => {
  it('are made so many at a time, in order, and all are answered', async () => {
    const inTurn = createBoundedTurns(3);
    const order: number[] = [];
    let underWay = 0;
    let most = 0;
    const all = Array.from({ length: 100 }, (_, index) =>
      inTurn(async () => {
        order.push(index);
        underWay += 1;
        most = Math.max(most, underWay);
        await new Promise((resolve) => setImmediate(resolve));
        underWay -= 1;
        return index;
      }),
    );
    const numbers = [...all.keys()];
    expect(await Promise.all(all)).toEqual(numbers);
    expect([order, most]).toEqual([numbers, 3]);
    expect(await inTurn(async () => 'later')).toBe('later');
  });

  it('let the next begin when one fails', async () => {
    const inTurn = createBoundedTurns(1);
    const failed = expect(inTurn(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await inTurn(async () => 'yes')).toBe('yes');
    await failed;
  });
});
