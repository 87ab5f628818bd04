import { describe, expect, it } from 'vitest';
import { KnownLeases } from './knownLeases';

describe('a lease that was heard of', () => {
  it('has ended once it is not among those that live, and that is told once', () => {
    const leases = new KnownLeases();
    leases.heard('a.1');
    leases.heard('b.1');
    expect(leases.beginReading().finish(['a.1', 'b.1'])).toEqual([]);
    expect(leases.beginReading().finish(['b.1'])).toEqual(['a.1']);
    expect(leases.beginReading().finish(['b.1'])).toEqual([]);
    expect([leases.isAlive('a.1'), leases.isAlive('b.1')]).toEqual([false, true]);
  });

  it('is not judged by a reading that had begun before', () => {
    const leases = new KnownLeases();
    const reading = leases.beginReading();
    leases.heard('a.1');
    expect(reading.finish([])).toEqual([]);
    expect(leases.beginReading().finish([])).toEqual(['a.1']);
  });

  it('is told to have ended again if it was heard of again', () => {
    const leases = new KnownLeases();
    leases.heard('a.1');
    leases.beginReading().finish([]);
    leases.heard('a.1');
    expect(leases.beginReading().finish([])).toEqual(['a.1']);
  });

  it('is forgotten when it was given up', () => {
    const leases = new KnownLeases();
    leases.heard('a.1');
    leases.gone('a.1');
    expect(leases.beginReading().finish([])).toEqual([]);
  });

  it('is judged by no answer that a later one has overtaken', () => {
    const leases = new KnownLeases();
    leases.heard('a.1');
    const early = leases.beginReading();
    expect(leases.beginReading().finish(['a.1'])).toEqual([]);
    expect(early.finish([])).toEqual([]);
    expect(leases.isAlive('a.1')).toBe(true);
  });

  it('lives by the latest reading only', () => {
    const leases = new KnownLeases();
    expect(leases.isAlive('a.1')).toBe(false);
    leases.beginReading().finish(['a.1']);
    expect(leases.isAlive('a.1')).toBe(true);
  });
});
