/** How far users have read rooms, in memory. Where too many are kept, the one that moved longest ago goes. */
import type { ReadMark, ReadMarks } from '../ports';

interface Kept extends ReadMark {
  readonly room: string;
  readonly epoch: string;
}

export function createMemoryMarks(maxMarks: number): ReadMarks {
  /** By user and room, those that moved last at the end. */
  const marks = new Map<string, Kept>();
  // Neither has a blank in it.
  const keyOf = (userId: string, room: string) => `${userId} ${room}`;

  function seqOf(userId: string, room: string, epoch: string): number {
    const mark = marks.get(keyOf(userId, room));
    return mark?.epoch === epoch ? mark.seq : 0;
  }

  return {
    async move(user, room, epoch, seq) {
      if (seqOf(user.id, room, epoch) >= seq) return false;
      const key = keyOf(user.id, room);
      marks.delete(key);
      marks.set(key, { user, room, epoch, seq });
      for (const oldest of marks.keys()) {
        if (marks.size <= maxMarks) break;
        marks.delete(oldest);
      }
      return true;
    },
    seqOf: async (userId, room, epoch) => seqOf(userId, room, epoch),
    async inRoom(room, epoch, most) {
      const there = [...marks.values()].filter(
        (mark) => mark.room === room && mark.epoch === epoch,
      );
      return there
        .slice(-most)
        .reverse()
        .map(({ user, seq }) => ({ user, seq }));
    },
  };
}
