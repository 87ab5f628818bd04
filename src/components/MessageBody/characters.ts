/** What stands beside a place in a text, in whole characters. */

const wordCharacter = /[\p{L}\p{N}]/u;
const spacelessScript =
  /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmr}]/u;

/** Whether it is a letter or digit of a script that sets words apart by spaces. */
export function isWord(character: string): boolean {
  return wordCharacter.test(character) && !isSpaceless(character);
}

/** Whether it is of a script that is written without spaces between words. */
export function isSpaceless(character: string): boolean {
  return spacelessScript.test(character);
}

export function characterAt(line: string, at: number): string {
  const code = line.codePointAt(at);
  return code === undefined ? '' : String.fromCodePoint(code);
}

export function characterBefore(line: string, at: number): string {
  const last = line.slice(Math.max(0, at - 2), at);
  return [...last].at(-1) ?? '';
}
