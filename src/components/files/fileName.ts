/** A name cut in two, so that what is too long loses its middle: its beginning says what it is, its end of which type. */

/** So much of the end stays, in characters as people count them: “… 2026.pdf”. */
const endLength = 10;

const segmenter = new Intl.Segmenter();

/** Both put together are the name. A short one is all beginning. */
export function cutName(name: string): { start: string; end: string } {
  const characters = [...segmenter.segment(name)].map(({ segment }) => segment);
  if (characters.length <= 2 * endLength) return { start: name, end: '' };
  return {
    start: characters.slice(0, -endLength).join(''),
    end: characters.slice(-endLength).join(''),
  };
}

/** For a name by a moment (ms since 1970): a date and a time, as a file's name can have them everywhere. */
export function dateInName(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${[date.getHours(), date.getMinutes()].map(two).join('.')}`;
}
