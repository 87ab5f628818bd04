/**
 * The keys of a name in plain characters, ASCII and everyday Chinese: the same as `nameKeys.ts` makes, without
 * the table of all that looks alike, which is larger than all the rest of the server.
 */
import { keysBy, type NameKeys, plainOf, wholeOf } from './nameText';

/** ASCII, and the Chinese characters that look like no other. */
const plain = /^[ -~\u4e00-\u9fff]*$/u;

/** What of them looks like something else. */
const looksOtherwise =
  /[一丶丿倂值啟囗填士壿嬀帲幐戸搉晣晩曶朦柿槩樧潙硏絶肦胊胐胶脁脧腁膧蔿虁訞詽讏豣趆跺躛輧郞鎮隸鹃黒鿃]/u;

/** What could be taken for a tag, which `tagLook.ts` knows. */
const perhapsTag = / [.,:;'"`*^~-]/;

/** What of ASCII looks like something else, and as what. */
const looks: Readonly<Record<string, string>> = {
  '"': "''",
  '%': 'º/₀',
  '0': 'O',
  '1': 'l',
  I: 'l',
  '`': "'",
  m: 'rn',
  '|': 'l',
};

/** Undefined for a name that has other characters in it. */
export function plainNameKeys(name: string): NameKeys | undefined {
  const whole = wholeOf(name);
  if (!plain.test(whole) || looksOtherwise.test(whole) || perhapsTag.test(whole)) return undefined;
  return keysBy(plainOf(whole), (text) =>
    text.replace(/["%01I`m|]/g, (letter) => looks[letter] ?? letter),
  );
}
