import { describe, expect, it } from 'vitest';
import { retime } from './film';

const shotsAt = (...times: number[]) => times.map((atMs) => ({ path: `${atMs}.png`, atMs }));
const shown = (shots: ReturnType<typeof retime>) => shots.map(({ path, atMs }) => [path, atMs]);

describe('a film', () => {
  it('shows a scene that took longer than it is to take in the time that it is to take', () => {
    const scenes = [{ atMs: 0, lengthMs: 1_000 }];
    expect(shown(retime(shotsAt(0, 2_000, 3_900), scenes, 4_000))).toEqual([
      ['0.png', 0],
      ['2000.png', 500],
      ['3900.png', 975],
    ]);
  });

  it('slows nothing down', () => {
    const scenes = [{ atMs: 0, lengthMs: 9_000 }];
    expect(shown(retime(shotsAt(0, 400), scenes, 1_000))).toEqual([
      ['0.png', 0],
      ['400.png', 400],
    ]);
  });

  it('goes on with the next scene where the one before it ends', () => {
    const scenes = [
      { atMs: 0, lengthMs: 500 },
      { atMs: 1_000, lengthMs: 2_000 },
    ];
    expect(shown(retime(shotsAt(0, 800, 1_000, 2_500), scenes, 3_000))).toEqual([
      ['0.png', 0],
      ['800.png', 400],
      ['1000.png', 500],
      ['2500.png', 2_000],
    ]);
  });

  it('begins with its first scene', () => {
    const scenes = [{ atMs: 300, lengthMs: 1_000 }];
    expect(shown(retime(shotsAt(100, 300), scenes, 600))).toEqual([['300.png', 0]]);
  });
});
