/**
 * What an entry of the SQLite log does to the earlier message that it is about, within the transaction
 * that stores it. A text is in two rows at most, the message's and its latest edit's: each change needs
 * the same few statements, however often a message was changed before.
 */
import * as v from 'valibot';
import { type AboutSent, aboutKindSchema } from '../../protocol/about';
import { type Target, whyRefused } from './annotations';
import type { Database } from './database';
import type { Draft, RefusalCode } from './log';
import { bodyValue } from './sqliteValues';

export interface SqliteAnnotations {
  /** Why the draft may not be about that message; undefined if it may. */
  whyRefused(draft: Draft, about: AboutSent): RefusalCode | undefined;
  /** Says of the draft, which is stored at `seq`, what it is about, and does to that what it says. */
  apply(draft: Draft, about: AboutSent, seq: number): void;
}

const targetRow = v.object({
  mid: v.string(),
  author: v.string(),
  about_kind: v.nullable(aboutKindSchema),
  deleted: v.nullable(v.number()),
});

export function prepareAnnotations(database: Database): SqliteAnnotations {
  const selectTarget = database.prepare(
    'SELECT mid, author, about_kind, deleted FROM messages WHERE room = ? AND seq = ?',
  );
  const mark = database.prepare(
    'UPDATE messages SET about_kind = ?, about_seq = ? WHERE room = ? AND seq = ?',
  );
  const blankEdit = database.prepare(`
    UPDATE messages SET body = x'' WHERE room = ?1
      AND seq = (SELECT edit_seq FROM messages WHERE room = ?1 AND seq = ?2)
  `);
  const edit = database.prepare(`
    UPDATE messages SET body = CAST(? AS BLOB), edited = ?, edit_seq = ?,
      extras = json_remove(extras, '$.cut')
    WHERE room = ? AND seq = ?
  `);
  const erase = database.prepare(`
    UPDATE messages SET body = x'', deleted = ?, extras = NULL WHERE room = ? AND seq = ?
  `);

  function targetAt(room: string, seq: number): Target | undefined {
    const row = v.parse(v.optional(targetRow), selectTarget.get(room, seq));
    if (!row) return undefined;
    const { mid, author, about_kind: kind, deleted } = row;
    return { mid, author, about: kind ? { kind } : undefined, isDeleted: deleted !== null };
  }

  return {
    whyRefused: ({ room, from }, about) => whyRefused(from.id, about, targetAt(room, about.seq)),

    apply({ room, body, at }, { kind, seq: target }, seq) {
      mark.run(kind, target, room, seq);
      if (kind !== 'edit' && kind !== 'delete') return;
      blankEdit.run(room, target);
      if (kind === 'edit') edit.run(bodyValue(body), at, seq, room, target);
      else erase.run(at, room, target);
    },
  };
}
