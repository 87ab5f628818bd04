/**
 * How far people in one room have read, and what of that is yet to be told. Of a mark that moved several
 * times only where it is now is told. Kept are those that moved last, for who missed some.
 */
import type { ServerFrameOf } from '../../../protocol/frames';
import type { User } from '../../../protocol/user';
import type { ReadMark } from '../ports';

/** How many marks are told of a room: those that moved last. */
export const maxToldMarks = 50;

export type ReadsFrame = ServerFrameOf<'reads'>;

export class RoomReads {
  #epoch = '';
  /** By user, those that moved last at the end. */
  readonly #marks = new Map<string, ReadMark>();
  readonly #moved = new Map<string, ReadMark>();

  constructor(readonly room: string) {}

  move(user: User, epoch: string, seq: number): void {
    if (epoch !== this.#epoch) this.clear();
    this.#epoch = epoch;
    // Several connections of a user may overtake each other.
    if ((this.#marks.get(user.id)?.seq ?? 0) >= seq) return;
    const mark = { user, seq };
    this.#marks.delete(user.id);
    this.#marks.set(user.id, mark);
    this.#moved.set(user.id, mark);
    for (const oldest of this.#marks.keys()) {
      if (this.#marks.size <= maxToldMarks) break;
      this.#marks.delete(oldest);
    }
  }

  get hasNews(): boolean {
    return this.#moved.size > 0;
  }

  /** What moved since this was last asked. */
  takeNews(): ReadsFrame {
    const marks = [...this.#moved.values()];
    this.#moved.clear();
    return this.#frameOf(marks);
  }

  /** The marks that moved last; undefined if none has. */
  snapshot(): ReadsFrame | undefined {
    return this.#marks.size === 0 ? undefined : this.#frameOf([...this.#marks.values()]);
  }

  clear(): void {
    this.#marks.clear();
    this.#moved.clear();
  }

  #frameOf(marks: ReadMark[]): ReadsFrame {
    return { t: 'reads', room: this.room, epoch: this.#epoch, marks };
  }
}
