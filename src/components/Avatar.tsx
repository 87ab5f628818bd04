/**
 * A person at a glance: their initials on a colour that is theirs everywhere. Only a mark beside the name,
 * so it is silent, and nothing of it is copied or found in the page's text.
 */
import type { User } from '../store/chatStore';
import styles from './Avatar.module.css';

declare module 'react' {
  interface CSSProperties {
    /** Degrees; `data-person` in tokens.css makes colours of it. */
    '--hue'?: number;
  }
}

export function Avatar({ user: { id, name } }: { user: User }) {
  return (
    <span
      className={styles.avatar}
      data-person=""
      style={{ '--hue': hueOf(id) }}
      data-initials={initialsOf(name)}
      aria-hidden="true"
    />
  );
}

const hueCount = 24;

/** A hue in degrees: always the same for an id, and one of few, so that two are told apart or alike. */
export function hueOf(id: string): number {
  // FNV-1a, 32 bits: ids that differ in one character get hues that have nothing in common.
  let hash = 0x811c9dc5;
  for (const character of id) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return (((hash ^ (hash >>> 15)) >>> 0) % hueCount) * (360 / hueCount);
}

/** The first letters of the first and the last word; of a name in Chinese, Japanese or emoji, one sign. */
export function initialsOf(name: string): string {
  const words = name
    .trim()
    .split(/[\s_.-]+/u)
    .filter((word) => word !== '');
  const first = firstOf(words[0] ?? name.trim());
  const last = words.length > 1 ? firstOf(words.at(-1) ?? '') : '';
  return isLetterOfAlphabet(first) && isLetterOfAlphabet(last) ? first + last : first;
}

/** Two signs of these scripts are too wide for the disc. */
function isLetterOfAlphabet(sign: string): boolean {
  return (
    /^[\p{L}\p{N}]\p{M}*$/u.test(sign) &&
    !/[\p{Script=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hangul}]/u.test(sign)
  );
}

const graphemes = typeof Intl.Segmenter === 'function' ? new Intl.Segmenter(undefined) : undefined;

function firstOf(word: string): string {
  const [grapheme] = graphemes?.segment(word) ?? [];
  const sign = grapheme?.segment ?? [...word][0] ?? '';
  return sign.toLocaleUpperCase();
}
