/** For tests: messages on their way into a log. */
import type { Draft } from './log';

let mids = 0;

/** A draft that differs from every other one in `mid` and, unless it is given, in `id`. */
export function draftOf(fields: Partial<Omit<Draft, 'from'>> & { author?: string } = {}): Draft {
  const { author = 'ann', ...rest } = fields;
  mids += 1;
  return {
    room: 'tea',
    from: { id: author, name: author.toUpperCase() },
    id: `id-${mids}`,
    mid: `mid-${mids}`,
    body: `body ${mids}`,
    at: mids,
    ...rest,
  };
}
