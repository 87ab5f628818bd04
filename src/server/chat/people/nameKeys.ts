/**
 * When two names are one: if people could take them for each other. Two keys are made of each name, and
 * names that have one of a kind in common are the same. UTS 39 section 4 has the method and the data.
 */
import unhomoglyph from 'unhomoglyph';
import { keysBy, type NameKeys, plainOf, wholeOf } from './nameText';
import { withoutTagLook } from './tagLook';

/** How it looks, capitals and all, and how it reads, whatever its capitals. */
export function nameKeys(name: string): NameKeys {
  const seen = name.replace(beyondAscii, letterSeen);
  return keysBy(withoutTagLook(plainOf(wholeOf(seen))), skeleton);
}

const beyondAscii = /[^ -~]/gu;
const plainLetter = /^[A-Za-z0-9]$/;

/** A lunate sigma, say, is a C to the eye; NFKC makes another letter of it, which is none. */
function letterSeen(letter: string): string {
  const folded = letter.normalize('NFKC');
  if (folded === letter || plainLetter.test(folded)) return letter;
  const look = unhomoglyph(letter);
  return plainLetter.test(look) ? look : letter;
}

function skeleton(text: string): string {
  return unhomoglyph(text.normalize('NFD')).normalize('NFD');
}
