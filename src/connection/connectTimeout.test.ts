import { describe, expect, it } from 'vitest';
import { connectTimeoutMs } from './connectTimeout';
import type { LossCause } from './machine';

const silence: LossCause = { kind: 'heartbeat timeout' };
const timeouts = (attempts: number[], fastestMs?: number, cause: LossCause | undefined = silence) =>
  attempts.map((attempt) => connectTimeoutMs({ attempt, cause, fastestMs }, 10_000));

describe('what a try may take', () => {
  it('is all the time there is while nobody knows how long it takes here', () => {
    expect(timeouts([0, 1, 7], undefined)).toEqual([10_000, 10_000, 10_000]);
  });

  it('is a second after a silence where it takes some ms, and ever more for every third try', () => {
    expect(timeouts([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 30)).toEqual([
      1_000, 1_000, 1_000, 2_000, 1_000, 1_000, 4_000, 1_000, 1_000, 8_000,
    ]);
  });

  it('is four times what the fastest took where the network is slow', () => {
    expect(timeouts([1], 400)).toEqual([1_600]);
  });

  it('never exceeds what opening and handshake may take together', () => {
    expect(timeouts([1], 3_000)).toEqual([10_000]);
    expect(timeouts([300], 30)).toEqual([10_000]);
  });

  it('is shorter after every silence, and after nothing else: who closes or refuses may be busy', () => {
    const closed: LossCause = { kind: 'closed', code: 1006, reason: '', wasClean: false };
    expect(timeouts([1, 2, 3, 6], 30, closed)).toEqual([4_000, 4_000, 8_000, 10_000]);
    expect(timeouts([1], 30, { kind: 'ack timeout' })).toEqual([1_000]);
    expect(timeouts([1], 30, { kind: 'connect timeout' })).toEqual([1_000]);
    expect(timeouts([1], 30, { kind: 'bad address', message: '' })).toEqual([4_000]);
  });
});
