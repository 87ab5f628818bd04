import { describe, expect, it } from 'vitest';
import { createManualTime } from '../../testing/manualTime';
import { lookRegularly } from './regularLook';

function createWorld() {
  const time = createManualTime();
  const answers: (() => void)[] = [];
  let looks = 0;
  const regular = lookRegularly({
    look() {
      looks += 1;
      return new Promise((resolve) => answers.push(resolve));
    },
    everyMs: 5_000,
    time,
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    time,
    regular,
    looks: () => looks,
    async answer() {
      answers.shift()?.();
      await settle();
    },
  };
}

describe('a regular look', () => {
  it('rests after each, however long that took', async () => {
    const { time, looks, answer } = createWorld();
    time.advance(5_000);
    expect(looks()).toBe(1);
    time.advance(20_000);
    expect(looks()).toBe(1);
    await answer();
    time.advance(4_999);
    expect(looks()).toBe(1);
    time.advance(1);
    expect(looks()).toBe(2);
  });

  it('comes at once when there is a reason, and once more when there is another meanwhile', async () => {
    const { time, regular, looks, answer } = createWorld();
    regular.now();
    regular.now();
    regular.now();
    expect(looks()).toBe(1);
    await answer();
    expect(looks()).toBe(2);
    await answer();
    expect(looks()).toBe(2);
    expect(time.armed).toBe(1);
  });

  it('ends, and leaves no timer', async () => {
    const { time, regular, looks, answer } = createWorld();
    regular.now();
    regular.now();
    regular.stop();
    await answer();
    regular.now();
    expect(looks()).toBe(1);
    expect(time.armed).toBe(0);
  });
});
