/** Sizes of files as each language writes them. */
import type { Language } from '../../i18n/language';

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** Of a thousand, as the units' names say (IEC 80000-13). */
const step = 1_000;

/** “312 bytes”, “4.5 kB”, “18 MB”. */
export function formatSize(language: Language, bytes: number): string {
  const power = powerOf(bytes);
  return numberFormat(language, power).format(bytes / step ** power);
}

/** How much there is of a size, in the unit of that size, which says it once: “3.2” of “20 MB”. */
export function formatPart(language: Language, bytes: number, size: number): string {
  const format = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  return format.format(bytes / step ** powerOf(size));
}

/** What would be written as 1,000 of a unit is one of the next. */
function powerOf(bytes: number): number {
  let power = 0;
  while (power < units.length - 1 && bytes / step ** power >= step - 0.05) power += 1;
  return power;
}

const formats = new Map<string, Intl.NumberFormat>();

/** Formatters are costly to make and are kept. */
function numberFormat(language: Language, power: number): Intl.NumberFormat {
  const key = `${language} ${power}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(language, {
      style: 'unit',
      unit: units[power],
      // “B” alone is read by few.
      unitDisplay: power === 0 ? 'long' : 'short',
      maximumFractionDigits: 1,
    });
    formats.set(key, format);
  }
  return format;
}
