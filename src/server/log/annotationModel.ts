/**
 * For tests: what two people may do to each other's messages, and what a room then holds, said in the
 * plainest way: all that was taken is kept as it came, and folded anew for each look.
 */
import fc from 'fast-check';
import { type About, isText } from '../../protocol/about';
import type { LoggedMessage } from '../../protocol/message';
import { draftOf } from './draftOf';
import type { Draft, RefusalCode } from './log';

/** One thing that somebody does, by what it is done to: the message at that place of all sent so far. */
export interface Deed {
  author: 'ann' | 'bob';
  kind: About['kind'] | 'say';
  target: number;
  /** What is said has a file, or breaks off. */
  hasExtras: boolean;
  /** Says it once more, under the same id, later. */
  repeats: boolean;
}

/** Bursts of deeds; those of a burst are done at once. */
export const anyDeeds: fc.Arbitrary<Deed[][]> = fc.array(
  fc.array(
    fc.record({
      author: fc.constantFrom('ann', 'bob'),
      kind: fc.constantFrom('say', 'say', 'reply', 'edit', 'edit', 'delete', 'react', 'unreact'),
      target: fc.nat({ max: 30 }),
      hasExtras: fc.boolean(),
      repeats: fc.boolean(),
    }),
    { maxLength: 10 },
  ),
  { maxLength: 8 },
);

/** What is sent for each deed: a burst begins with what the bursts before it repeat. */
export function draftsOf(bursts: readonly Deed[][]): Draft[][] {
  const sent: Draft[] = [];
  const repeated: Draft[] = [];
  return bursts.map((deeds) => {
    const burst = repeated.splice(0);
    for (const { author, kind, target, hasExtras, repeats } of deeds) {
      const draft = draftOf({ author, ...(kind === 'delete' && { body: '' }) });
      // Most are there; the last few never are, or not yet.
      const { mid = 'nothing' } = sent[target] ?? {};
      if (kind !== 'say') draft.about = { kind, seq: target + 1, mid };
      if (hasExtras && isText(draft.about)) Object.assign(draft, extrasOf(target));
      sent.push(draft);
      burst.push(draft);
      if (repeats) repeated.push(draft);
    }
    return burst;
  });
}

/** What only few messages have: one or both. */
export function extrasOf(number: number): Pick<Draft, 'file' | 'cut'> {
  const file = {
    sha256: '0f'.repeat(32),
    name: `报告 "${number}".png`,
    type: 'image/png',
    size: 70_000 + number,
    width: 40,
    height: 30,
    preview: { sha256: 'a1'.repeat(32), type: 'image/webp', size: 900, width: 4, height: 3 },
  };
  return { ...(number % 3 !== 1 && { file }), ...(number % 3 !== 2 && { cut: true }) };
}

/** What the log has to answer. */
export type Expected = { seq: number; mid: string; dup: boolean } | { refused: RefusalCode };

export interface AnnotationModel {
  append(draft: Draft): Expected;
  /** The room as every page of it shows it. */
  messages(): LoggedMessage[];
}

export function createAnnotationModel(): AnnotationModel {
  const taken: Draft[] = [];
  return {
    append(draft) {
      const at = taken.findIndex(({ id, from }) => id === draft.id && from.id === draft.from.id);
      if (at >= 0) return { seq: at + 1, mid: taken[at]?.mid ?? '', dup: true };
      const refused = refusalOf(draft, fold(taken));
      if (refused) return { refused };
      taken.push(draft);
      return { seq: taken.length, mid: draft.mid, dup: false };
    },
    messages: () => fold(taken),
  };
}

function refusalOf({ from, about }: Draft, room: LoggedMessage[]): RefusalCode | undefined {
  if (!about) return undefined;
  const target = room.find(({ seq }) => seq === about.seq);
  if (!target || target.mid !== about.mid) return 'no_message';
  if (!isText(target.about) || target.deleted !== undefined) return 'no_message';
  const isChange = about.kind === 'edit' || about.kind === 'delete';
  return isChange && target.from.id !== from.id ? 'not_author' : undefined;
}

/** What came of a message, wherever it was seen. */
type Seen = Pick<LoggedMessage, 'mid' | 'id' | 'from' | 'body' | 'at' | 'about' | 'file' | 'cut'>;

/** The room out of what was sent: by the order of the entries alone, as a reader folds them. */
export function fold(taken: readonly Seen[]): LoggedMessage[] {
  const room = taken.map(
    ({ mid, id, from, body, at, about, file, cut }, index): LoggedMessage => ({
      ...{ seq: index + 1, mid, id, from, body, at },
      ...(about && { about: { kind: about.kind, seq: about.seq } }),
      ...(file && { file }),
      ...(cut && { cut }),
    }),
  );
  for (const entry of room) {
    const { kind, seq } = entry.about ?? {};
    const target = room.find((message) => message.seq === seq);
    if (!target || (kind !== 'edit' && kind !== 'delete')) continue;
    const earlier = room.filter(
      ({ seq: at, about }) => about?.kind === 'edit' && about.seq === seq && at < entry.seq,
    );
    for (const edit of earlier) edit.body = '';
    target.body = entry.body;
    delete target.cut;
    if (kind === 'delete') delete target.file;
    if (kind === 'edit') target.edited = entry.at;
    else target.deleted = entry.at;
  }
  return room;
}
