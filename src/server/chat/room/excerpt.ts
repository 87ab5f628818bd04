/** The beginning of a message for who is not in its room, short enough for a push and cut in no character. */

/** As much as any system shows in a notification, in characters as people count them. */
const maxCharacters = 240;

/** As much as its JSON may take, in bytes of UTF-8: the rest of 4,096 is for names and encryption. */
export const maxExcerptBytes = 2_048;

const segmenter = new Intl.Segmenter();
const encoder = new TextEncoder();

/** `text` itself if it is short, else its beginning with an ellipsis. */
export function excerptOf(text: string): string {
  // No more is looked at than could be taken: each UTF-16 unit is a byte at least.
  const looked = text.slice(0, maxExcerptBytes);
  const excerpt = beginningOf(looked, charactersOf(looked));
  if (excerpt === text) return text;
  // A single character of more marks than fit is cut after all.
  const shown = excerpt === '' ? beginningOf(looked, looked) : excerpt;
  return `${shown.trimEnd()}…`;
}

function* charactersOf(text: string): Iterable<string> {
  for (const { segment } of segmenter.segment(text)) yield segment;
}

function beginningOf(text: string, characters: Iterable<string>): string {
  let length = 0;
  let bytes = 0;
  let count = 0;
  for (const character of characters) {
    bytes += jsonBytesOf(character);
    count += 1;
    if (count > maxCharacters || bytes > maxExcerptBytes) break;
    length += character.length;
  }
  return text.slice(0, length);
}

/** Control characters take six bytes in JSON, quotes two. */
function jsonBytesOf(character: string): number {
  return encoder.encode(JSON.stringify(character)).length - 2;
}
