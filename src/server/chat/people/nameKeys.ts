/**
 * When two names are one: if people could take them for each other. Two keys are made of each name, and
 * names that have one of a kind in common are the same. UTS 39 section 4 has the method and the data.
 */
import unhomoglyph from 'unhomoglyph';
import { keysBy, type NameKeys, plainOf, wholeOf } from './nameText';
import { withoutTagLook } from './tagLook';

/** How it looks, capitals and all, and how it reads, whatever its capitals. */
export function nameKeys(name: string): NameKeys {
  return keysBy(withoutTagLook(plainOf(wholeOf(name))), skeleton);
}

function skeleton(text: string): string {
  return unhomoglyph(text.normalize('NFD')).normalize('NFD');
}
