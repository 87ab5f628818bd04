/** How a message is about an earlier one, and what that makes of it. */
import * as v from 'valibot';
import { idSchema, placeSchema } from './fields';

/**
 * What a message is to the earlier one at `seq`. `reply`: says something to it. `edit`: its new text.
 * `delete`: it has no text any more. `react`, `unreact`: the body is an emoji that is put to it, or taken
 * back. All but a reply are no message of their own to people, yet have a place in the room like one.
 */
export const aboutKindSchema = v.picklist(['reply', 'edit', 'delete', 'react', 'unreact']);

export const aboutSchema = v.object({ kind: aboutKindSchema, seq: placeSchema });
export type About = v.InferOutput<typeof aboutSchema>;

/** As it is sent: the server's id says that the sender means the message that is at `seq`. */
export const aboutSentSchema = v.object({ ...aboutSchema.entries, mid: idSchema });
export type AboutSent = v.InferOutput<typeof aboutSentSchema>;

/** Whether it is a message of its own to people, and no change of another or reaction to it. */
export const isText = (about: Pick<About, 'kind'> | undefined): boolean =>
  about === undefined || about.kind === 'reply';
