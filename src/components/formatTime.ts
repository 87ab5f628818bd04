/**
 * Times and days as each language writes them, and where the reader's browser names a country of that
 * language, as is usual there. Formatters are costly to make and are kept.
 */
import type { Language } from '../i18n/language';

const times = new Map<Language, Intl.DateTimeFormat>();
const exactTimes = new Map<Language, Intl.DateTimeFormat>();
const days = new Map<Language, Intl.DateTimeFormat>();

/** `at` is ms since 1970. */
export function formatTime(language: Language, at: number): string {
  return kept(times, language, { timeStyle: 'short' }).format(at);
}

/** Day and time of `at` (ms since 1970), to the second. */
export function formatExactTime(language: Language, at: number): string {
  const options = { dateStyle: 'medium', timeStyle: 'medium' } as const;
  return kept(exactTimes, language, options).format(at);
}

/** The day of `at` (ms since 1970), with its weekday. */
export function formatDay(language: Language, at: number): string {
  const options = { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' } as const;
  return kept(days, language, options).format(at);
}

/** Whether two moments, in ms since 1970, lie on the same day here. */
export function isSameDay(one: number, other: number): boolean {
  const [first, second] = [new Date(one), new Date(other)];
  return (
    first.getDate() === second.getDate() &&
    first.getMonth() === second.getMonth() &&
    first.getFullYear() === second.getFullYear()
  );
}

function kept(
  formats: Map<Language, Intl.DateTimeFormat>,
  language: Language,
  options: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat {
  let format = formats.get(language);
  if (!format) {
    format = new Intl.DateTimeFormat(localeOf(language), options);
    formats.set(language, format);
  }
  return format;
}

/** The reader's own form of the language: half past three is 3:30 PM in one country, and 15:30 in another. */
function localeOf(language: Language): string {
  const own = navigator.languages.find((each) => each.split('-')[0] === language.split('-')[0]);
  return own ?? language;
}
