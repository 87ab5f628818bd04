/** Whether a message is so long that it is folded until somebody wants to read it all. */

/** So many lines are shown of a folded one (see the style sheet); shorter ones would win nothing. */
const longestLines = 14;
/** In characters of the width of a Latin letter. */
const longestLength = 1_200;

const wide = /[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\uff00-\uff60]/g;

export function isLong(body: string): boolean {
  if (body.length * 2 > longestLength) {
    const wideCount = body.match(wide)?.length ?? 0;
    if (body.length + wideCount > longestLength) return true;
  }
  let lines = 1;
  for (let at = body.indexOf('\n'); at !== -1; at = body.indexOf('\n', at + 1)) lines += 1;
  return lines > longestLines;
}
