import { describe, expect, it } from 'vitest';
import { observedBy } from './observers';

describe('several observers', () => {
  it('hear each what it listens to, in turn', () => {
    const heard: unknown[] = [];
    const observer = observedBy(
      { closed: (code) => heard.push(['first', code]) },
      { closed: (code) => heard.push(['second', code]), opened: () => heard.push('opened') },
    );
    observer.opened();
    observer.closed(1000);
    expect(heard).toEqual(['opened', ['first', 1000], ['second', 1000]]);
  });

  it('may all be deaf to something', () => {
    expect(() => observedBy({}, {}).acked(1, false)).not.toThrow();
  });

  it('cost nothing where only one listens', () => {
    const acked = () => {};
    expect(observedBy({ acked }, {}).acked).toBe(acked);
  });
});
