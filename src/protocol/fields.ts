/**
 * What frames and messages are made of: names of rooms, ids, places, times and texts. Each has one schema, so that
 * it is judged the same wherever it stands.
 */
import * as v from 'valibot';
import { codePointCount, idPattern, limits, roomPattern } from './limits';

/** A room's name. */
export const roomSchema = v.pipe(
  v.string(),
  v.maxLength(limits.roomLength, `a room name has at most ${limits.roomLength} characters`),
  v.regex(roomPattern, 'a room name has a-z, 0-9, - and _ only, and starts with a letter or digit'),
);

export const idSchema = v.pipe(
  v.string(),
  v.maxLength(limits.idLength, `an id has at most ${limits.idLength} characters`),
  v.regex(idPattern, 'an id has letters, digits, - and _ only'),
);

/** Whole, and 0 or more: where a room ends, where a reader stands. */
export const sequenceSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** Of a message that is there. */
export const placeSchema = v.pipe(sequenceSchema, v.minValue(1));

/** Since 1970, or for so long. */
export const timestampMsSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

export const countSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

/** Refuses a text with more characters, as people count them: `what` says what it is. */
export const atMostCodePoints = (most: number, what: string) =>
  v.check(
    // A code point has one or two UTF-16 units: mostly their number alone decides.
    (text: string) =>
      text.length <= most || (text.length <= 2 * most && codePointCount(text) <= most),
    `${what} has at most ${most} characters`,
  );

/** A message's text, which may be empty. */
export const bodySchema = v.pipe(
  v.string(),
  atMostCodePoints(limits.bodyLength, 'a message'),
  // Half a surrogate pair cannot be stored as UTF-8: it becomes U+FFFD here, the same for everyone.
  v.transform((text) => text.toWellFormed()),
);
