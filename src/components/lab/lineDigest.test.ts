import { describe, expect, it } from 'vitest';
import { createEventRing } from '../../lab/eventRing';
import { changeOf, createFakeLab, eventsOf } from '../../testing/fakeLab';
import { createLineDigest, percentile } from './lineDigest';
import { createPlayedLog } from './staticLog';

describe('what is known of a line', () => {
  it('has the round trips of pings, and the changes of state', () => {
    const { log, record } = createFakeLab();
    const { read, digest } = createLineDigest();
    record({ kind: 'answer', to: 'ping', rttMs: 5 });
    record({ kind: 'answer', to: 'message', rttMs: 900 });
    record(changeOf('connecting', 'open'));
    expect(read(log)).toBe(true);
    expect(read(log)).toBe(false);
    expect(digest.roundTripsMs).toEqual([5]);
    expect(digest.transitions).toHaveLength(1);
    expect(digest).toMatchObject({ answers: 1, changes: 1 });
  });

  it('outlives what the log forgets, and is bounded itself', () => {
    const ring = createEventRing(() => 0, { events: 2, bytes: 1_000, textBytes: 100 });
    const { read, digest } = createLineDigest();
    for (let rttMs = 0; rttMs < 300; rttMs += 1) {
      ring.record({ kind: 'answer', to: 'ping', rttMs });
      read(ring);
    }
    expect(digest.roundTripsMs).toHaveLength(200);
    expect(digest.roundTripsMs[0]).toBe(100);
    expect(digest.answers).toBe(300);
  });

  it('forgets what has not happened yet when a record is wound back', () => {
    const lab = createFakeLab();
    lab.record({ kind: 'answer', to: 'ping', rttMs: 5 });
    lab.pass(1_000);
    lab.record({ kind: 'answer', to: 'ping', rttMs: 6 });
    const played = createPlayedLog({ events: eventsOf(lab.log) });
    const { read, digest } = createLineDigest();
    read(played);
    played.seek(played.startsAt);
    expect(read(played)).toBe(true);
    expect(digest.roundTripsMs).toEqual([5]);
  });
});

describe('a percentile', () => {
  it('is the value that so many do not exceed', () => {
    const values = [40, 10, 30, 20];
    expect(percentile(values, 50)).toBe(20);
    expect(percentile(values, 95)).toBe(40);
    expect(percentile([7], 50)).toBe(7);
  });

  it('is unknown without values', () => {
    expect(percentile([], 50)).toBeUndefined();
  });
});
