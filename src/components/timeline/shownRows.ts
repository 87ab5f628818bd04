/**
 * Which rows are given to the virtual list. It can take in rows at its start or at its end without the
 * reader's place moving, but not both at once, and for a moment after the start has grown it holds the
 * place from the end. So whatever comes at the end in that moment is held back until it is over.
 */
import type { ChatMessage } from '../../store/chatStore';
import { indexOf } from './rows';

export interface ShownRows {
  /** What the rows were made from. */
  readonly messages: readonly ChatMessage[];
  readonly rows: readonly ChatMessage[];
  /** This change has put rows at the start. */
  readonly hasGrownAtStart: boolean;
  /** How often the start has grown. */
  readonly growths: number;
  /** What comes at the end waits, since the growth of this number. */
  readonly heldSince: number | undefined;
  /** Another number means another list: nothing of the one before is left. */
  readonly generation: number;
}

export function firstShown(messages: readonly ChatMessage[]): ShownRows {
  return {
    messages,
    rows: messages,
    hasGrownAtStart: false,
    growths: 0,
    heldSince: undefined,
    generation: 0,
  };
}

export function nextShown(before: ShownRows, messages: readonly ChatMessage[]): ShownRows {
  const { rows, growths, heldSince, generation } = before;
  const all = { ...before, messages, rows: messages, hasGrownAtStart: false, heldSince: undefined };
  const [first] = rows;
  if (!first) return all;
  const added = indexOf(messages, first);
  if (added === -1) return { ...all, generation: generation + 1 };
  if (added > 0) {
    const grown = growths + 1;
    const cut = cutTo(messages, added + rows.length);
    return { ...all, rows: cut, hasGrownAtStart: true, growths: grown, heldSince: grown };
  }
  return heldSince === undefined ? all : { ...all, rows: cutTo(messages, rows.length), heldSince };
}

/** The growth of this number is over, and with it the wait, unless the start has grown again. */
export function released(before: ShownRows, heldSince: number): ShownRows {
  if (before.heldSince !== heldSince) return before;
  return nextShown({ ...before, heldSince: undefined }, before.messages);
}

function cutTo(messages: readonly ChatMessage[], length: number): readonly ChatMessage[] {
  return messages.length > length ? messages.slice(0, length) : messages;
}
