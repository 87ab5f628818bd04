import { render } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Beat } from '../store/chatStore';
import { HeartTrace, tracePath } from './HeartTrace';

const beat = (rttMs: number, at = rttMs): Beat => ({ at, kind: 'beat', rttMs });
const lost: Beat = { at: 99, kind: 'lost', rttMs: undefined };
/** Every spike has one steep line down. */
const spikes = (path: string) => path.match(/l3 [\d.]+/g) ?? [];
/** Where the path ends, in its own units. */
const widthOf = (path: string) =>
  [...path.matchAll(/[hl](\d+)/g)].reduce((width, [, step]) => width + Number(step), 0);

describe('the heart trace', () => {
  it('is flat before the first beat', () => {
    expect(spikes(tracePath([], true))).toHaveLength(0);
  });

  it('has a spike for each beat, up to as many as it shows', () => {
    expect(spikes(tracePath([beat(10), beat(20)], true))).toHaveLength(2);
    expect(
      spikes(
        tracePath(
          Array.from({ length: 30 }, () => beat(10)),
          true,
        ),
      ),
    ).toHaveLength(7);
  });

  it('spikes higher the sooner the answer came', () => {
    const [quick = '', slow = '', slowest = ''] = spikes(
      tracePath([beat(0), beat(500), beat(9_000)], true),
    );
    expect([quick, slow, slowest]).toEqual(['l3 20.0', 'l3 13.3', 'l3 6.7']);
  });

  it('goes flat where the line was lost, and at its end while it is', () => {
    expect(spikes(tracePath([beat(10), lost, beat(10)], true))).toHaveLength(2);
    expect(tracePath([beat(10), lost], false)).toMatch(/h20 h50$/);
  });

  it('fills its width, whatever it shows', () => {
    for (const beats of [
      [],
      [beat(1)],
      [beat(1), lost],
      Array.from({ length: 9 }, () => beat(5)),
    ]) {
      expect(widthOf(tracePath(beats, true))).toBe(150);
      expect(widthOf(tracePath(beats, false))).toBe(150);
    }
  });

  it('pulses only while the line is alive', () => {
    const { container, rerender } = render(<HeartTrace beats={[beat(1)]} isAlive />);
    expect(container.querySelector('circle')).not.toBeNull();
    rerender(<HeartTrace beats={[beat(1)]} isAlive={false} />);
    expect(container.querySelector('circle')).toBeNull();
  });
});
