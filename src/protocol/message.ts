/** A message as the log holds it, where a reader of the log stands, and what a message may say. */
import * as v from 'valibot';
import { type AboutSent, aboutSchema, isText } from './about';
import { idSchema, placeSchema, sequenceSchema, timestampMsSchema } from './fields';
import { type FileSent, fileSchema } from './file';
import { isReaction } from './reaction';
import { userSchema } from './user';

export const loggedMessageSchema = v.object({
  seq: placeSchema,
  /** Made by the server, unique in the log. */
  mid: idSchema,
  /** Made by the author's client, unique per author. */
  id: idSchema,
  from: userSchema,
  /** The latest text; none once the message was deleted. */
  body: v.string(),
  at: timestampMsSchema,
  about: v.optional(aboutSchema),
  file: v.optional(fileSchema),
  /** Whoever wrote it before everybody's eyes broke off here. */
  cut: v.optional(v.literal(true)),
  /** When its author last changed it, and when they deleted it. */
  edited: v.optional(timestampMsSchema),
  deleted: v.optional(timestampMsSchema),
});
/** A message as the log holds it. */
export type LoggedMessage = v.InferOutput<typeof loggedMessageSchema>;

/** Where a reader stands in a room: the message with id `mid` has sequence `seq` in log `epoch`. */
export const positionSchema = v.object({
  epoch: idSchema,
  seq: sequenceSchema,
  mid: v.union([idSchema, v.literal('')]),
});
export type Position = v.InferOutput<typeof positionSchema>;

interface SentText {
  body: string;
  about?: AboutSent | undefined;
  file?: FileSent | undefined;
}

/** Why a text does not go with what the message is; undefined if it does. */
export function wrongBody(sent: SentText): string | undefined {
  const kind = sent.about?.kind;
  if (kind === 'delete') return sent.body === '' ? undefined : 'a deletion has no text';
  if (sent.file) return isText(sent.about) ? undefined : 'only a message or a reply has a file';
  if (sent.body === '') return 'a message needs a text';
  const isReacting = kind === 'react' || kind === 'unreact';
  return isReacting && !isReaction(sent.body) ? 'a reaction is one emoji' : undefined;
}
