/**
 * What may be put to a message as a reaction: one emoji, as people see it (UTS #51 section 1.4.9), and
 * nothing that only looks like none or is drawn over the lines around it. Known and future emoji alike,
 * as servers and pages do not come with the same Unicode.
 */
import { codePointCount, limits } from './limits';

const keycap = '[0-9#*]\\uFE0F?\\u20E3';
const flag = '\\p{Regional_Indicator}{2}';
/** Flags of regions are spelt in tag characters. */
const tags = '[\\u{E0020}-\\u{E007E}]+\\u{E007F}';
const element = `\\p{Extended_Pictographic}(?:\\uFE0F|\\p{Emoji_Modifier})?(?:${tags})?`;
const oneEmoji = new RegExp(`^(?:${keycap}|${flag}|${element}(?:\\u200D${element})*)$`, 'u');

export const isReaction = (text: string): boolean =>
  text.length <= 2 * limits.reactionLength &&
  codePointCount(text) <= limits.reactionLength &&
  oneEmoji.test(text);

const signsThatAreText =
  /(?!\p{Emoji_Presentation})\p{Extended_Pictographic}(?!\p{Emoji_Modifier})|[0-9#*]/gu;

/**
 * The emoji as every keyboard might have sent it: with the mark that makes an emoji of a sign that is text by
 * itself (UTS #51 section 1.4.3). Without it the same heart would be two.
 */
export const asEmoji = (reaction: string): string =>
  reaction.replaceAll('\uFE0F', '').replace(signsThatAreText, (sign) => `${sign}\uFE0F`);
