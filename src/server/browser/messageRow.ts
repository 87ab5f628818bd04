/**
 * A message as IndexedDB keeps it. What is read was written by some version of this page: so it is parsed
 * like anything from outside.
 */
import * as v from 'valibot';
import type { LoggedMessage } from '../../protocol/message';
import { storedMessageSchema } from '../log/storedMessage';

/** A message with what is known of its place. */
export interface MessageRow extends LoggedMessage {
  room: string;
  /** How many texts there are in the room up to and with this entry. */
  texts: number;
  /** Where its latest edit is. */
  editSeq?: number;
}

export const messageRow = v.object({
  ...storedMessageSchema.entries,
  room: v.string(),
  texts: v.number(),
  editSeq: v.optional(v.number()),
});

/** Throws a ValiError on what is no such row. */
export function parseRow(row: MessageRow | undefined): MessageRow | undefined {
  return row && asRow(v.parse(messageRow, row));
}

/** What is not there has no field of its own: a row is compared and cloned as it is. */
function asRow({ editSeq, ...row }: v.InferOutput<typeof messageRow>): MessageRow {
  return editSeq === undefined ? row : { ...row, editSeq };
}
