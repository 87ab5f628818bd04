/**
 * What an index of the SQLite log has to take in: the log's entries in the order of their commits, and what
 * they leave of each text. It reads the log's own file, by a connection that can only read: a thread that
 * waits for the disk of every message is not to wait for a search as well. In WAL mode neither holds up
 * the other.
 */
import * as v from 'valibot';
import { isText } from '../../protocol/about';
import type { Database } from './database';
import { readEpoch } from './sqliteSchema';

/** A place in the whole log: the row of an entry, and its id, by which the place is believed. */
export interface LogPosition {
  /** 0 before the first. */
  readonly row: number;
  readonly mid: string;
}

/** What a message says by now: nothing if it was deleted. */
export interface TextNow {
  readonly room: string;
  readonly seq: number;
  readonly body: string;
}

export interface LogChanges {
  /** In the order of the log; one that was changed since may be there again. */
  readonly texts: readonly TextNow[];
  readonly position: LogPosition;
  readonly more: boolean;
}

export interface SearchFeed {
  readonly epoch: string;
  /** Whether the log still has that entry at that place. */
  holds(position: LogPosition): boolean;
  /** What came after `position`: so many entries at most, or fewer if they are long. */
  after(position: LogPosition, entries: number): LogChanges;
  close(): void;
}

/** Once their texts exceed this, in UTF-16 units, no more entries are read at once. */
const maxLength = 512 * 1024;

const midRow = v.object({ mid: v.string() });
const textRow = v.object({
  body: v.instance(Uint8Array),
  file_name: v.nullable(v.string()),
  deleted: v.nullable(v.number()),
});
const textColumns = "body, json_extract(extras, '$.file.name') AS file_name, deleted";
const entryRow = v.object({
  log_row: v.number(),
  room: v.string(),
  seq: v.number(),
  mid: v.string(),
  about_kind: v.nullable(v.picklist(['reply', 'edit', 'delete', 'react', 'unreact'])),
  about_seq: v.nullable(v.number()),
  ...textRow.entries,
});

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Reads the log in `database`. Throws if it holds none. */
export function openSearchFeed(database: Database): SearchFeed {
  const epoch = readEpoch(database);
  // Rows are only ever added, at the end: their order is that of the commits.
  const selectMid = database.prepare('SELECT mid FROM messages WHERE rowid = ?');
  const selectAfter = database.prepare(
    `SELECT rowid AS log_row, room, seq, mid, about_kind, about_seq, ${textColumns}
     FROM messages WHERE rowid > ? ORDER BY rowid LIMIT ?`,
  );
  const selectText = database.prepare(
    `SELECT ${textColumns} FROM messages WHERE room = ? AND seq = ?`,
  );

  function textAt(room: string, seq: number): TextNow {
    const row = v.parse(v.optional(textRow), selectText.get(room, seq));
    return { room, seq, body: row ? bodyOf(row) : '' };
  }

  return {
    epoch,
    holds({ row, mid }) {
      return row === 0 || v.parse(v.optional(midRow), selectMid.get(row))?.mid === mid;
    },
    after(start, entries) {
      const texts: TextNow[] = [];
      let position = start;
      let length = 0;
      let read = 0;
      for (const row of selectAfter.iterate(start.row, entries + 1)) {
        if (read === entries || length > maxLength) return { texts, position, more: true };
        const entry = v.parse(entryRow, row);
        const { room, seq, mid, about_kind: kind, about_seq: target } = entry;
        read += 1;
        position = { row: entry.log_row, mid };
        const isChange = kind === 'edit' || kind === 'delete';
        if (isText(kind === null ? undefined : { kind }))
          texts.push({ room, seq, body: bodyOf(entry) });
        else if (isChange && target !== null) texts.push(textAt(room, target));
        length += texts.at(-1)?.body.length ?? 0;
      }
      return { texts, position, more: false };
    },
    close: () => database.close(),
  };
}

/** As `searchedTextOf` has it of a message. */
function bodyOf({ body, file_name: name, deleted }: v.InferOutput<typeof textRow>): string {
  if (deleted !== null) return '';
  const text = decoder.decode(body);
  return name === null ? text : `${text}\n${name}`;
}
