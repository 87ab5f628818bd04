/**
 * What travels between the log and the thread that has its store: requests one way, replies the other,
 * each known by its number. Both ends come out of one build and start together, and everything in here
 * was parsed where it came in (a client's frame, a row of the file): so the types hold, and checking each
 * message twice more would cost more than storing it. For the same reason messages travel as lists, whose
 * copies cost a third of those of objects.
 */

import type { AboutSent } from '../../protocol/about';
import type { MessageFile } from '../../protocol/file';
import type { User } from '../../protocol/user';
import type { Appended, Draft, NextPage, Page, PageLimit, RefusalCode, RoomEnd } from './log';

type DraftRow = readonly [
  room: string,
  from: User,
  id: string,
  mid: string,
  body: string,
  at: number,
  about?: AboutSent | undefined,
  file?: MessageFile | undefined,
  cut?: true | undefined,
];

/** The message was not stored, and why. */
export interface Refused {
  refused: RefusalCode;
}

/** What the store answers for each draft. */
export type StoreAnswer = Appended | Refused;

/** A message that was there already, by its place among the drafts. */
type RepeatRow = readonly [index: number, room: string, mid: string, at: number];

/** The answers to drafts, as far as who has the drafts does not know them. */
export interface AppendedRows {
  epoch: string;
  /** In the order of the drafts; 0 for one that was refused. */
  seqs: number[];
  repeats: RepeatRow[];
  refusals: (readonly [index: number, code: RefusalCode])[];
}

export type StoreCall =
  | { call: 'appendAll'; rows: DraftRow[] }
  | { call: 'head'; room: string }
  | { call: 'textsUpTo'; room: string; seq: number }
  | { call: 'after' | 'before'; room: string; seq: number; limit: PageLimit }
  | { call: 'check' }
  | { call: 'close' };
export type StoreRequest = StoreCall & { n: number };

/** What a call is answered with: the part that it asks for, nothing, or why there is nothing. */
export interface StoreResult {
  appended?: AppendedRows;
  head?: RoomEnd;
  texts?: number;
  page?: Page;
  next?: NextPage;
  error?: string;
}
export type StoreReply = StoreResult & { n: number };

export function rowOf({ room, from, id, mid, body, at, about, file, cut }: Draft): DraftRow {
  if (file ?? cut) return [room, from, id, mid, body, at, about, file, cut];
  return about ? [room, from, id, mid, body, at, about] : [room, from, id, mid, body, at];
}

export function draftOfRow([room, from, id, mid, body, at, about, file, cut]: DraftRow): Draft {
  const draft: Draft = { room, from, id, mid, body, at };
  if (about) draft.about = about;
  if (file) draft.file = file;
  if (cut) draft.cut = cut;
  return draft;
}

/** Packs the answers to drafts; `unpackAppended` is the other way. */
export function packAppended(answers: readonly StoreAnswer[]): AppendedRows {
  const rows: AppendedRows = { epoch: '', seqs: [], repeats: [], refusals: [] };
  for (const [index, answer] of answers.entries()) {
    if ('refused' in answer) {
      rows.seqs.push(0);
      rows.refusals.push([index, answer.refused]);
      continue;
    }
    const { epoch, room, seq, mid, at, dup } = answer;
    rows.epoch = epoch;
    rows.seqs.push(seq);
    if (dup) rows.repeats.push([index, room, mid, at]);
  }
  return rows;
}

/** The answers to `drafts`, in their order. */
export function unpackAppended(
  { epoch, seqs, repeats, refusals }: AppendedRows,
  drafts: readonly Draft[],
): StoreAnswer[] {
  const answers: StoreAnswer[] = drafts.map(({ room, mid, at }, index) => {
    const seq = seqs[index];
    if (seq === undefined) throw new Error('the store did not answer for every message');
    return { epoch, room, seq, mid, at, dup: false };
  });
  for (const [index, room, mid, at] of repeats) {
    const answer = answers[index];
    if (answer) Object.assign(answer, { room, mid, at, dup: true });
  }
  for (const [index, refused] of refusals) answers[index] = { refused };
  return answers;
}
