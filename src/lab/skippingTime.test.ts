import { describe, expect, it } from 'vitest';
import { createManualTime } from '../testing/manualTime';
import { createSkippingTime } from './skippingTime';

function setUp() {
  const inner = createManualTime(0);
  const time = createSkippingTime(inner);
  const fired: string[] = [];
  const arm = (name: string, ms: number) =>
    time.after(ms, () => fired.push(`${name} at ${time.now()}`));
  return { inner, time, fired, arm };
}

describe('a clock that can skip', () => {
  it('goes like the one that it is made of', () => {
    const { inner, arm, fired } = setUp();
    arm('a', 10)();
    arm('b', 20);
    inner.advance(30);
    expect(fired).toEqual(['b at 20']);
    expect(inner.armed).toBe(0);
  });

  it('calls late what was due in between, in its order, and the rest as much sooner', () => {
    const { inner, time, arm, fired } = setUp();
    arm('late', 300);
    arm('early', 200);
    arm('later', 1_500);
    time.skip(1_000);
    expect(fired).toEqual([]);
    inner.advance(0);
    expect(fired).toEqual(['early at 1000', 'late at 1000']);
    inner.advance(500);
    expect(fired.slice(2)).toEqual(['later at 1500']);
  });

  it('does not call what was cancelled, after a skip either', () => {
    const { inner, time, arm, fired } = setUp();
    const cancel = arm('a', 100);
    time.skip(1_000);
    cancel();
    inner.advance(5_000);
    expect(fired).toEqual([]);
    expect(inner.armed).toBe(0);
  });
});
