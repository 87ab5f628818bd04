import { describe, expect, it } from 'vitest';
import { createManualTime } from '../testing/manualTime';
import { bannerOf } from './bannerOf';
import { calmWatch, graceMs, type LineWatch, recoveredMs, watchLine } from './lineWatch';
import type { LineWord } from './lineWord';

/** A line that is watched on a clock which only the test moves, as the banner watches it. */
function watched(first: LineWord = 'open') {
  const time = createManualTime();
  let word = first;
  let watch: LineWatch = calmWatch;
  let disarm = () => {};
  const shown: string[] = [];
  const spoken: (LineWord | undefined)[] = [];

  function look() {
    disarm();
    watch = watchLine(watch, word, time.now());
    const { changesAt } = watch;
    disarm = changesAt === undefined ? () => {} : time.after(changesAt - time.now(), look);
    const banner = bannerOf(watch, word, { waiting: 0, failed: 0 })?.line ?? 'none';
    if (banner !== shown.at(-1)) shown.push(banner);
    if (watch.told !== spoken.at(-1)) spoken.push(watch.told);
  }
  look();
  return {
    time,
    shown,
    spoken,
    become(next: LineWord) {
      word = next;
      look();
    },
    get banner() {
      return shown.at(-1);
    },
  };
}

describe('the banner of a line that breaks', () => {
  it('comes after its grace, and not a millisecond before', () => {
    const line = watched();
    line.become('reconnecting');
    line.time.advance(graceMs - 1);
    expect(line.banner).toBe('none');
    line.time.advance(1);
    expect(line.banner).toBe('reconnecting');
  });

  it('never comes where the break heals in its grace, and nothing is spoken', () => {
    const line = watched();
    line.become('reconnecting');
    line.time.advance(graceMs - 1);
    line.become('open');
    line.time.advance(60_000);
    expect(line.shown).toEqual(['none']);
    expect(line.spoken).toEqual(['open']);
    expect(line.time.armed).toBe(0);
  });

  it('has one grace for the whole break, whatever the line goes through in it', () => {
    const line = watched();
    line.become('checking');
    line.time.advance(1_000);
    line.become('reconnecting');
    line.time.advance(500);
    line.become('offline');
    line.time.advance(499);
    expect(line.banner).toBe('none');
    line.time.advance(1);
    expect(line.banner).toBe('offline');
  });

  it('has a new grace for each break that healed in time', () => {
    const line = watched();
    for (let round = 0; round < 10; round += 1) {
      line.become('reconnecting');
      line.time.advance(graceMs - 1);
      line.become('open');
      line.time.advance(1);
    }
    expect(line.shown).toEqual(['none']);
  });

  it('has the same grace while the page connects for the first time', () => {
    const line = watched('connecting');
    line.time.advance(graceMs - 1);
    expect(line.shown).toEqual(['none']);
    expect(line.spoken).toEqual([]);
    line.time.advance(1);
    expect(line.banner).toBe('connecting');
  });
});

describe('the banner of a line that is back', () => {
  it('says so for a moment, and goes when that is over, and not before', () => {
    const line = watched();
    line.become('reconnecting');
    line.time.advance(graceMs);
    line.become('open');
    expect(line.banner).toBe('open');
    line.time.advance(recoveredMs - 1);
    expect(line.banner).toBe('open');
    line.time.advance(1);
    expect(line.banner).toBe('none');
    expect(line.spoken).toEqual(['open', 'reconnecting', 'open']);
    expect(line.time.armed).toBe(0);
  });

  it('stays, and needs no new grace, when the line breaks again in that moment', () => {
    const line = watched();
    line.become('reconnecting');
    line.time.advance(graceMs);
    for (let round = 0; round < 5; round += 1) {
      line.become('open');
      line.time.advance(recoveredMs - 1);
      line.become('reconnecting');
    }
    expect(line.shown.slice(1)).not.toContain('none');
    expect(line.banner).toBe('reconnecting');
  });
});

describe('the banner of a line that only a person can mend', () => {
  it.each<LineWord>(['gave up', 'signed out', 'too many lines', 'update needed', 'refused'])(
    'comes at once: %s',
    (word) => {
      const line = watched();
      line.become(word);
      expect(line.banner).toBe(word);
      expect(line.spoken.at(-1)).toBe(word);
    },
  );

  it('never comes for a line that a person has closed, which is spoken at once', () => {
    const line = watched();
    line.become('closed');
    line.time.advance(60_000);
    expect(line.shown).toEqual(['none']);
    expect(line.spoken).toEqual(['open', 'closed']);
  });

  it('goes at once with a person who closes the line in an outage', () => {
    const line = watched();
    line.become('reconnecting');
    line.time.advance(graceMs);
    line.become('closed');
    expect(line.banner).toBe('none');
  });
});

describe('what waits and what failed', () => {
  const quiet = { waiting: 0, failed: 0 };
  const at = (phase: LineWatch['phase']): LineWatch => ({ ...calmWatch, phase });

  it('is counted beside the line while that is told', () => {
    const counts = { waiting: 2, failed: 1 };
    expect(bannerOf(at('shown'), 'offline', counts)).toEqual({ line: 'offline', ...counts });
    expect(bannerOf(at('doubtful'), 'offline', quiet)).toBeUndefined();
    expect(bannerOf(at('doubtful'), 'offline', { waiting: 2, failed: 0 })).toBeUndefined();
  });

  it('has a banner of its own where something failed, and none where the line takes it along', () => {
    expect(bannerOf(at('calm'), 'open', { waiting: 3, failed: 0 })).toBeUndefined();
    expect(bannerOf(at('calm'), 'open', { waiting: 3, failed: 2 })).toEqual({
      line: undefined,
      waiting: 0,
      failed: 2,
    });
  });

  it('is told to who closed the line themselves', () => {
    expect(bannerOf(at('calm'), 'closed', quiet)).toBeUndefined();
    expect(bannerOf(at('calm'), 'closed', { waiting: 1, failed: 0 })).toEqual({
      line: 'closed',
      waiting: 1,
      failed: 0,
    });
  });
});
