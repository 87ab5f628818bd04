/** Whether a text is nothing but a few emoji, which are then shown large. */

/** More in a row are a text, not a picture. */
const mostEmoji = 6;

/** No emoji is longer, in UTF-16 units: the longest families have some 35. */
const longestEmoji = 40;

const emoji =
  /^(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F|\p{Regional_Indicator}{2}|[0-9#*]\uFE0F?\u20E3)[\p{Extended_Pictographic}\p{Emoji_Component}]*$/u;

const segmenter = new Intl.Segmenter();

export function isEmojiAlone(text: string): boolean {
  if (text.length > mostEmoji * (longestEmoji + 1)) return false;
  let count = 0;
  for (const { segment } of segmenter.segment(text)) {
    if (segment.trim() === '') continue;
    count += 1;
    if (count > mostEmoji || segment.length > longestEmoji || !emoji.test(segment)) return false;
  }
  return count > 0;
}
