/** What is promised of what is known of people, as tests that every engine passes. */
import { describe, expect, it } from 'vitest';
import { createManualTime, type ManualTime } from '../../testing/manualTime';
import type { People } from './ports';

export interface PeopleWorldOptions {
  time: ManualTime;
  maxNames?: number;
}

const ann = { id: 'u1', name: 'Ann' };
const otherAnn = { id: 'u2', name: 'Ann' };
const lifetimeMs = 1_000_000;

/** `open` gives an engine with nothing in it. */
export function describePeopleContract(
  name: string,
  open: (options: PeopleWorldOptions) => People,
): void {
  function opened(maxNames?: number) {
    const time = createManualTime();
    const { names, revocations } = open({ time, ...(maxNames !== undefined && { maxNames }) });
    const untilMs = () => time.now() + lifetimeMs;
    return { time, names, revocations, untilMs };
  }

  describe(`${name}: a name`, () => {
    it('belongs to who came with it first, however others write it', async () => {
      const { names, untilMs } = opened();
      expect(await names.claim(ann, untilMs())).toBe(true);
      for (const other of ['Ann', 'ANN', 'Αnn', ' ann']) {
        expect(await names.claim({ id: 'u2', name: other }, untilMs())).toBe(false);
      }
      expect(await names.claim(ann, untilMs())).toBe(true);
      expect(await names.claim({ id: 'u2', name: 'Bob' }, untilMs())).toBe(true);
    });

    it('that only looks the same, or only reads the same, is taken as well', async () => {
      const { names, untilMs } = opened();
      expect(await names.claim({ id: 'u1', name: 'Ian' }, untilMs())).toBe(true);
      expect(await names.claim({ id: 'u2', name: 'lan' }, untilMs())).toBe(false);
      expect(await names.claim({ id: 'u3', name: 'ian' }, untilMs())).toBe(false);
      expect(await names.claim({ id: 'u4', name: 'Lan' }, untilMs())).toBe(true);
    });

    it('is kept for as long as was asked for, from when that was asked last', async () => {
      const { names, time, untilMs } = opened();
      await names.claim(ann, untilMs());
      time.advance(lifetimeMs - 1);
      expect(await names.claim(otherAnn, untilMs())).toBe(false);
      await names.claim(ann, untilMs());
      time.advance(lifetimeMs - 1);
      expect(await names.claim(otherAnn, untilMs())).toBe(false);
    });

    it('is free again in the end', async () => {
      const { names, time, untilMs } = opened();
      await names.claim(ann, untilMs());
      time.advance(2 * lifetimeMs);
      expect(await names.claim(otherAnn, untilMs())).toBe(true);
      expect(await names.claim(ann, untilMs())).toBe(false);
    });

    it('is free at once when who had it gives it up, and only theirs is', async () => {
      const { names, untilMs } = opened();
      const bob = { id: 'u3', name: 'Bob' };
      await names.claim(ann, untilMs());
      await names.claim(bob, untilMs());
      await names.release(ann.id);
      await names.release('u9');
      expect(await names.claim(otherAnn, untilMs())).toBe(true);
      expect(await names.claim({ id: 'u4', name: 'Bob' }, untilMs())).toBe(false);
    });

    it('is nobody’s once too many are kept, until some have ended', async () => {
      const { names, time, untilMs } = opened(3);
      for (const id of ['a', 'b', 'c']) {
        expect(await names.claim({ id, name: id }, untilMs())).toBe(true);
      }
      expect(await names.claim({ id: 'd', name: 'd' }, untilMs())).toBe(false);
      expect(await names.claim({ id: 'a', name: 'a' }, untilMs())).toBe(true);
      await names.release('b');
      expect(await names.claim({ id: 'd', name: 'd' }, untilMs())).toBe(true);
      time.advance(2 * lifetimeMs);
      expect(await names.claim({ id: 'late', name: 'late' }, untilMs())).toBe(true);
    });
  });

  describe(`${name}: a user who has signed out`, () => {
    it('is known to have, and nobody else is taken for them', async () => {
      const { revocations, untilMs } = opened();
      expect(await revocations.isRevoked('u1')).toBe(false);
      await revocations.revoke('u1', untilMs());
      await revocations.revoke('u1', untilMs());
      expect(await revocations.isRevoked('u1')).toBe(true);
      expect(await revocations.isRevoked('u2')).toBe(false);
    });

    it('is remembered for as long as was asked for', async () => {
      const { revocations, time, untilMs } = opened();
      await revocations.revoke('u1', untilMs());
      await revocations.revoke('u1', time.now() + 1);
      time.advance(lifetimeMs - 1);
      expect(await revocations.isRevoked('u1')).toBe(true);
    });
  });
}
