/** Who somebody is, and what a name may be that others are to know them by. */
import * as v from 'valibot';
import { atMostCodePoints, idSchema } from './fields';
import { limits } from './limits';

/** Control and format characters and blanks that look like none; but the joiner that emoji need. */
const hiddenCharacters = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u2800\u3164\uffa0]/u;
const joiner = /\u200d/g;
/** More marks on one letter than any script has would be drawn over the lines around it. */
const piledMarks = /\p{Mn}{5}/u;

/** How a tag is set off from the name before it, and what looks like that. */
const tagMark = /\s[·•‧∙⋅・･᛫⸱]/u;

/** More of them. Whatever is in no list counts as the name before it (`server/chat/people/tagLook.ts`). */
const otherTagMark = /\s[⸳ꞏ﹒🞄●◦˙⦁ㆍᐧ]/u;

/**
 * A name as a person may have it: trimmed, 1 to `limits.nameLength` long, nothing invisible in it. One that cannot
 * be seen, or breaks out of its line, could pass for someone else's.
 */
export const nameSchema = v.pipe(
  v.string(),
  v.trim(),
  v.nonEmpty('a name is needed'),
  atMostCodePoints(limits.nameLength, 'a name'),
  v.check((text) => text.isWellFormed(), 'a name has no broken characters'),
  v.check(
    (text) => !hiddenCharacters.test(text.replace(joiner, '')) && !piledMarks.test(text),
    'a name has no control or hidden characters',
  ),
  v.check((text) => !tagMark.test(text), 'a name has no dot behind a blank, as tags have'),
  v.regex(/[\p{L}\p{N}\p{P}\p{S}]/u, 'a name needs a character that can be seen'),
);

/** One to come with. What was said under names of before can be read all the same. */
export const newNameSchema = v.pipe(
  nameSchema,
  v.check((text) => !otherTagMark.test(text), 'a name has no dot behind a blank, as tags have'),
);

/** What stands beside a name that somebody else came with first. */
export const tagSchema = v.pipe(v.string(), v.regex(/^[a-z0-9]{1,16}$/));

export const userSchema = v.object({ id: idSchema, name: nameSchema, tag: v.optional(tagSchema) });
/** Who somebody is: `id` for programs, `name` for people, with `tag` where others have that name. */
export type User = v.InferOutput<typeof userSchema>;
