/** A message as an engine reads it back from where it is stored. */
import * as v from 'valibot';
import { aboutKindSchema } from '../../protocol/about';
import { fileSchema } from '../../protocol/file';

/** What is stored was checked when it came; another version may have had other bounds. */
export const storedMessageSchema = v.object({
  seq: v.number(),
  mid: v.string(),
  id: v.string(),
  from: v.object({ id: v.string(), name: v.string(), tag: v.optional(v.string()) }),
  body: v.string(),
  at: v.number(),
  about: v.optional(v.object({ kind: aboutKindSchema, seq: v.number() })),
  file: v.optional(fileSchema),
  cut: v.optional(v.literal(true)),
  edited: v.optional(v.number()),
  deleted: v.optional(v.number()),
});
