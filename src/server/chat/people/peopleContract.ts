/** What is promised of what is known of people, as tests that every engine passes. */
import { describe, expect, it } from 'vitest';
import { createManualTime, type ManualTime } from '../../../testing/manualTime';
import type { People } from '../ports';

export interface PeopleWorldOptions {
  time: ManualTime;
  maxNames?: number;
  maxMarks?: number;
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

  function openedMarks(maxMarks?: number) {
    const time = createManualTime();
    return { time, marks: open({ time, ...(maxMarks !== undefined && { maxMarks }) }).marks };
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

  describe(`${name}: how far somebody has read`, () => {
    it('moves on, and never back', async () => {
      const { marks } = openedMarks();
      expect(await marks.seqOf('u1', 'lobby', 'e1')).toBe(0);
      expect(await marks.move(ann, 'lobby', 'e1', 5)).toBe(true);
      expect(await marks.move(ann, 'lobby', 'e1', 5)).toBe(false);
      expect(await marks.move(ann, 'lobby', 'e1', 3)).toBe(false);
      expect(await marks.seqOf('u1', 'lobby', 'e1')).toBe(5);
      expect(await marks.move(ann, 'lobby', 'e1', 6)).toBe(true);
      expect(await marks.seqOf('u1', 'lobby', 'e1')).toBe(6);
    });

    it('is known for each user, room and log apart', async () => {
      const { marks } = openedMarks();
      await marks.move(ann, 'lobby', 'e1', 5);
      await marks.move(otherAnn, 'lobby', 'e1', 7);
      await marks.move(ann, 'garden', 'e1', 9);
      expect(await marks.seqOf('u1', 'lobby', 'e1')).toBe(5);
      expect(await marks.seqOf('u2', 'lobby', 'e1')).toBe(7);
      expect(await marks.seqOf('u2', 'garden', 'e1')).toBe(0);
      expect(await marks.seqOf('u1', 'lobby', 'e2')).toBe(0);
    });

    it('counts for nothing once the log is another one, and begins again there', async () => {
      const { marks } = openedMarks();
      await marks.move(ann, 'lobby', 'e1', 500);
      expect(await marks.move(ann, 'lobby', 'e2', 2)).toBe(true);
      expect(await marks.seqOf('u1', 'lobby', 'e2')).toBe(2);
      expect(await marks.inRoom('lobby', 'e2', 50)).toEqual([{ user: ann, seq: 2 }]);
      expect(await marks.inRoom('lobby', 'e1', 50)).toEqual([]);
    });

    it('is listed for a room, who read last first, with their tags, and so many at most', async () => {
      const { marks, time } = openedMarks();
      const users = [1, 2, 3, 4].map((n) => ({ id: `u${n}`, name: 'Ann', tag: `t${n}` }));
      for (const user of users) {
        await marks.move(user, 'lobby', 'e1', 1);
        time.advance(10);
      }
      await marks.move({ id: 'u2', name: 'Ann B', tag: 't2' }, 'lobby', 'e1', 2);
      await marks.move({ id: 'u9', name: 'Bob' }, 'garden', 'e1', 1);
      expect(await marks.inRoom('lobby', 'e1', 3)).toEqual([
        { user: { id: 'u2', name: 'Ann B', tag: 't2' }, seq: 2 },
        { user: users[3], seq: 1 },
        { user: users[2], seq: 1 },
      ]);
      expect(await marks.inRoom('garden', 'e1', 3)).toEqual([
        { user: { id: 'u9', name: 'Bob' }, seq: 1 },
      ]);
      expect(await marks.inRoom('nowhere', 'e1', 3)).toEqual([]);
    });

    it('is forgotten where too much is kept, what moved longest ago first', async () => {
      const { marks, time } = openedMarks(3);
      for (const room of ['a', 'b', 'c', 'd']) {
        await marks.move(ann, room, 'e1', 1);
        await marks.move(ann, 'a', 'e1', time.now());
        time.advance(2_000);
      }
      const seqs = await Promise.all(['a', 'b', 'c', 'd'].map((r) => marks.seqOf('u1', r, 'e1')));
      expect(seqs.map((seq) => seq > 0)).toEqual([true, false, true, true]);
    });
  });
}
