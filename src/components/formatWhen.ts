/** When something was, as short as it can be told: today a time, this week a weekday, else a date. */
import type { Language } from '../i18n/language';
import { formatTime, isSameDay } from './formatTime';

const dayMs = 24 * 60 * 60_000;

/** `at` and `now` are ms since 1970. */
export function formatWhen(language: Language, at: number, now: number): string {
  if (isSameDay(at, now)) return formatTime(language, at);
  if (at < now && now - at < 6 * dayMs) return formatted(language, { weekday: 'short' }, at);
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  const date = { month: 'short', day: 'numeric' } as const;
  return formatted(language, isThisYear ? date : { ...date, year: 'numeric' }, at);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Formatters are costly to make and are kept. */
function formatted(language: Language, options: Intl.DateTimeFormatOptions, at: number): string {
  const key = `${language} ${Object.keys(options)}`;
  const format = formats.get(key) ?? new Intl.DateTimeFormat(language, options);
  formats.set(key, format);
  return format.format(at);
}
