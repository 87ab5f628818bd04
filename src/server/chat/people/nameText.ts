/** What a name is compared by, whatever tells which letters look alike. */

/** Two names are one if they have one of these in common: how they look, and how they read. */
export type NameKeys = readonly [look: string, word: string];

/** Joiners, variation selectors and the like: what changes no letter. */
const unseen = /\p{Default_Ignorable_Code_Point}/gu;

/** A dot or a stroke behind a name makes no other name. */
const trailing = /[\p{P}\p{M}\s]+$/u;

const beyondAscii = /[^ -~]/gu;

/** The name without what nobody sees. */
export function wholeOf(name: string): string {
  return name.normalize('NFKC').replace(unseen, '').replace(/\s+/gu, ' ').trim();
}

/** The name without what makes no other name at its end. */
export const plainOf = (whole: string): string => whole.replace(trailing, '') || whole;

/**
 * How a plain name looks, capitals and all, and how it reads, whatever its capitals. `skeleton` makes one text of
 * all that look the same: UTS 39 section 4.
 */
export function keysBy(plain: string, skeleton: (text: string) => string): NameKeys {
  // "Ian" with a capital i looks like "lan" with a small L, but reads like "ian" alone.
  const word = skeleton(plain.replace(beyondAscii, skeleton).toLowerCase());
  return [`look ${skeleton(plain)}`, `word ${word}`];
}
