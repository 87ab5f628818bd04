import { describe, expect, it } from 'vitest';
import { listenForPushed } from './listenForPushed';

describe('a push that the push service brings', () => {
  it('is told to the page, until it no longer listens', () => {
    const container = new EventTarget();
    let pushes = 0;
    const stop = listenForPushed(container, () => {
      pushes += 1;
    });
    const say = (data: unknown) => container.dispatchEvent(new MessageEvent('message', { data }));
    say({ type: 'pushed' });
    say({ type: 'something else' });
    say('pushed');
    expect(pushes).toBe(1);
    stop();
    say({ type: 'pushed' });
    expect(pushes).toBe(1);
  });
});
