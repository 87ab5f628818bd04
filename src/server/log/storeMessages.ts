/**
 * What travels between the log and the thread that has its store: requests one way, replies the other,
 * each known by its number. Both ends come out of one build and start together, and everything in here
 * was parsed where it came in (a client's frame, a row of the file): so the types hold, and checking each
 * message twice more would cost more than storing it. For the same reason messages travel as lists, whose
 * copies cost a third of those of objects.
 */
import type { Position, User } from '../../protocol/frames';
import type { Appended, Draft, NextPage, Page, PageLimit } from './log';

type DraftRow = readonly [
  room: string,
  from: User,
  id: string,
  mid: string,
  body: string,
  at: number,
];

/** A message that was there already, by its place among the drafts. */
type RepeatRow = readonly [index: number, room: string, mid: string, at: number];

/** The answers to drafts, as far as who has the drafts does not know them. */
export interface AppendedRows {
  epoch: string;
  /** In the order of the drafts. */
  seqs: number[];
  repeats: RepeatRow[];
}

export type StoreCall =
  | { call: 'appendAll'; rows: DraftRow[] }
  | { call: 'head'; room: string }
  | { call: 'after' | 'before'; room: string; seq: number; limit: PageLimit }
  | { call: 'check' }
  | { call: 'close' };
export type StoreRequest = StoreCall & { n: number };

/** What a call is answered with: the part that it asks for, nothing, or why there is nothing. */
export interface StoreResult {
  appended?: AppendedRows;
  head?: Position;
  page?: Page;
  next?: NextPage;
  error?: string;
}
export type StoreReply = StoreResult & { n: number };

export const rowOf = ({ room, from, id, mid, body, at }: Draft): DraftRow => [
  room,
  from,
  id,
  mid,
  body,
  at,
];

export const draftOfRow = ([room, from, id, mid, body, at]: DraftRow): Draft => ({
  room,
  from,
  id,
  mid,
  body,
  at,
});

/** Packs the answers to drafts; `unpackAppended` is the other way. */
export function packAppended(answers: readonly Appended[]): AppendedRows {
  const repeats: RepeatRow[] = [];
  for (const [index, { dup, room, mid, at }] of answers.entries()) {
    if (dup) repeats.push([index, room, mid, at]);
  }
  return { epoch: answers[0]?.epoch ?? '', seqs: answers.map(({ seq }) => seq), repeats };
}

/** The answers to `drafts`, in their order. */
export function unpackAppended(
  { epoch, seqs, repeats }: AppendedRows,
  drafts: readonly Draft[],
): Appended[] {
  const answers = drafts.map(({ room, mid, at }, index) => {
    const seq = seqs[index];
    if (seq === undefined) throw new Error('the store did not answer for every message');
    return { epoch, room, seq, mid, at, dup: false };
  });
  for (const [index, room, mid, at] of repeats) {
    const answer = answers[index];
    if (answer) Object.assign(answer, { room, mid, at, dup: true });
  }
  return answers;
}
