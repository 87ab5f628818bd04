/**
 * What looks like a tag (Ann ·k3f9) at the end of a name. There is no list of all dots that could be taken for
 * the one of a tag: it is what stands there that counts, a sign and four letters or digits.
 */

/** Letters and digits that are mere dots. */
const dots = '\\u02d0\\u02d1\\u0660\\u06f0\\u119e\\u1427\\ua4f8\\ua78f';

/** Any sign: behind a blank also one of ASCII, if it is small, else one that may have a blank in itself. */
const sign =
  `(?: (?:[.,:;'"\`*^~-]|(?![!-~])[^\\p{L}\\p{N} ]|[\\p{Lm}${dots}])+` +
  `|(?:(?![!-~]|[\\p{Pd}\\p{Pi}\\p{Pf}\\p{M}])[^\\p{L}\\p{N} ]|[${dots}])+)`;

/** Of the scripts that have look-alikes of a tag's letters: Chinese names may have a dot in them. */
const fourLetters =
  '(?:[\\p{N}\\p{sc=Latn}\\p{sc=Cyrl}\\p{sc=Grek}\\p{sc=Armn}\\p{sc=Cher}\\p{sc=Lisu}]\\p{M}*){4}';

const perhapsTag = new RegExp(` ?${sign} ?${fourLetters}$`, 'u');

/**
 * A name without what somebody might take for a tag at its end, be it an ordinary name: by that it is compared, so
 * that it has a tag of its own where the name before it is somebody else's.
 */
export const withoutTagLook = (name: string): string => name.replace(perhapsTag, '') || name;
