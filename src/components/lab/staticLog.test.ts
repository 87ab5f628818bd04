import { describe, expect, it } from 'vitest';
import { createFakeLab, eventsOf, frameOf, startsAt } from '../../testing/fakeLab';
import { createPlayedLog } from './staticLog';

function recorded() {
  const lab = createFakeLab();
  for (const body of ['a', 'b', 'c']) {
    lab.record(frameOf('in', body));
    lab.pass(1_000);
  }
  return eventsOf(lab.log);
}

describe('a record that is played', () => {
  it('begins at its end, with all that happened', () => {
    const log = createPlayedLog({ events: recorded() });
    expect(log.playhead).toBe(startsAt + 2_000);
    expect(eventsOf(log)).toHaveLength(3);
  });

  it('holds what had happened by the moment that it is at, and nothing later', () => {
    const log = createPlayedLog({ events: recorded() });
    log.seek(startsAt + 1_500);
    expect(eventsOf(log)).toHaveLength(2);
    expect(log.at(2)).toBeUndefined();
    log.seek(startsAt + 1_000);
    expect(eventsOf(log)).toHaveLength(2);
    log.seek(startsAt + 999);
    expect(eventsOf(log)).toHaveLength(1);
  });

  it('goes no further than its ends', () => {
    const log = createPlayedLog({ events: recorded() });
    log.seek(0);
    expect(log.playhead).toBe(log.startsAt);
    expect(eventsOf(log)).toHaveLength(1);
    log.seek(Number.MAX_SAFE_INTEGER);
    expect(log.playhead).toBe(log.endsAt);
  });

  it('has its events in order though the clock was set back, and numbers without a hole', () => {
    const [first, second, third] = recorded();
    if (!first || !second || !third) throw new Error('three events were recorded');
    const log = createPlayedLog({
      events: [{ ...first, number: 10 }, { ...second, at: startsAt - 60_000, number: 40 }, third],
    });
    log.seek(startsAt);
    expect(eventsOf(log).map(({ number }) => number)).toEqual([0, 1]);
  });

  it('may hold nothing', () => {
    const log = createPlayedLog({ events: [] });
    log.seek(5);
    expect(eventsOf(log)).toEqual([]);
  });
});
