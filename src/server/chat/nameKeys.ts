/**
 * When two names are one: if people could take them for each other. Two keys are made of each name, and
 * names that have one of a kind in common are the same. UTS 39 section 4 has the method and the data.
 */
import unhomoglyph from 'unhomoglyph';

/** Joiners, variation selectors and the like: what changes no letter. */
const unseen = /\p{Default_Ignorable_Code_Point}/gu;

/** A dot or a stroke behind a name makes no other name. */
const trailing = /[\p{P}\p{M}\s]+$/u;

const beyondAscii = /[^ -~]/gu;

/** How it looks, capitals and all, and how it reads, whatever its capitals. */
export function nameKeys(name: string): readonly [look: string, word: string] {
  const whole = name.normalize('NFKC').replace(unseen, '').replace(/\s+/gu, ' ').trim();
  const plain = whole.replace(trailing, '') || whole;
  // "Ian" with a capital i looks like "lan" with a small L, but reads like "ian" alone.
  const word = skeleton(plain.replace(beyondAscii, skeleton).toLowerCase());
  return [`look ${skeleton(plain)}`, `word ${word}`];
}

function skeleton(text: string): string {
  return unhomoglyph(text.normalize('NFD')).normalize('NFD');
}
