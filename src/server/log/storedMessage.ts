/** A message as an engine reads it back from where it is stored. */
import * as v from 'valibot';
import { aboutKindSchema } from '../../protocol/frames';

/** What is stored was checked when it came; another version may have had other bounds. */
export const storedMessageSchema = v.object({
  seq: v.number(),
  mid: v.string(),
  id: v.string(),
  from: v.object({ id: v.string(), name: v.string(), tag: v.optional(v.string()) }),
  body: v.string(),
  at: v.number(),
  about: v.optional(v.object({ kind: aboutKindSchema, seq: v.number() })),
  edited: v.optional(v.number()),
  deleted: v.optional(v.number()),
});
