/** How far the others in one room have read, as the server tells it: each mark replaces the one before. */
import type { ServerFrameOf } from '../protocol/frames';
import type { ReadMark } from './types';

export interface RoomReads {
  told(frame: ServerFrameOf<'reads'>): void;
  /** Without the user `meId`. */
  marks(meId: string): readonly ReadMark[];
}

export function createRoomReads(): RoomReads {
  const known = new Map<string, ReadMark>();
  /** The log that the marks are of. */
  let knownEpoch: string | undefined;
  return {
    told({ epoch, marks }) {
      if (epoch !== knownEpoch) known.clear();
      knownEpoch = epoch;
      for (const mark of marks) known.set(mark.user.id, mark);
    },
    marks: (meId) => [...known.values()].filter(({ user }) => user.id !== meId),
  };
}
